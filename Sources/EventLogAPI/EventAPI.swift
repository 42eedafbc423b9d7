public import EventLog
import EventLogFormats
public import HTTPCore
import HTTPTypes

/// The log's interface for programs: its route table. Each handler has a file of its own.
public struct EventAPI: Sendable {
  let store: any EventStore
  let availability: Availability
  let version: String

  /// Creates the interface to a log.
  ///
  /// - Parameters:
  ///   - store: the store of the log.
  ///   - availability: tells whether the log can be used.
  ///   - version: the program's version, which `/openapi.json` states.
  public init(store: any EventStore, availability: Availability, version: String) {
    self.store = store
    self.availability = availability
    self.version = version
  }

  public var routes: [Route] {
    [
      Route(.get, "/health", for: .everyone, getHealth),
      Route(
        .post, "/events", takes: [.json, .form] + EventFormat.batchMediaTypes, produces: .json, for: .record,
        createEvents),
      Route(
        .post, "/v1/logs", takes: [.protobuf, .json], for: .record, problemResponse: Self.otlpStatus,
        createOTLPLogs),
      Route(.get, "/events/histogram", produces: .json, for: .read, getHistogram),
      Route(.get, "/events/facets", produces: .json, for: .read, getFacets),
      Route(.get, "/events/{id}", produces: .json, for: .read, getEvent),
      Route(.get, "/openapi.json", for: .everyone, getOpenAPI),
    ]
      + EventFormat.allCases.flatMap { format in
        [
          Route(.get, "/events", produces: format.mediaType, for: .read, listEvents(as: format)),
          Route(.get, "/events.\(format.suffix)", for: .read, listEvents(as: format, isDownload: true)),
        ]
      }
  }

  /// Returns links to the descriptions of the API, for programs and for people (RFC 8631).
  ///
  /// - Parameter mount: the path under which the program is mounted, as in `RequestTarget`.
  /// - Returns: a value of `Link`.
  public static func serviceLinks(mount: String) -> String {
    "<\(mount)/openapi.json>; rel=\"service-desc\", <\(mount)/docs>; rel=\"service-doc\""
  }
}
