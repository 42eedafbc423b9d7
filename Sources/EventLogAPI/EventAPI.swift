public import EventLog
import EventLogFormats
public import HTTPCore
import HTTPTypes

/// The log's interface for programs: its route table. Each handler has a file of its own.
public struct EventAPI: Sendable {
  /// The log. Handlers read from `Request.readable(_:)`, which is what the visitor may see of it.
  let store: any EventStore
  let availability: Availability
  let version: String
  /// Whether visitors need keys, which `/openapi.json` describes.
  let hasKeys: Bool
  /// What streams take; nil for a process that answers only one request.
  let streams: Streams?
  /// Lets a few requests at a time have many events in memory.
  let largeRequests = FairSemaphore(permits: 4)

  /// The feed, and the limits on who may follow it.
  public struct Streams: Sendable {
    let feed: EventFeed
    let limits: StreamLimits

    public init(_ feed: EventFeed, _ limits: StreamLimits) {
      self.feed = feed
      self.limits = limits
    }
  }

  /// Creates the interface to a log.
  ///
  /// - Parameters:
  ///   - store: the store of the log.
  ///   - availability: tells whether the log can be used.
  ///   - version: the program's version, which `/openapi.json` states.
  ///   - hasKeys: whether visitors need keys, which `/openapi.json` describes.
  ///   - streams: what streams take; nil for a process that answers only one request.
  public init(
    store: any EventStore, availability: Availability, version: String, hasKeys: Bool = false,
    streams: Streams? = nil
  ) {
    self.hasKeys = hasKeys
    self.store = store
    self.availability = availability
    self.version = version
    self.streams = streams
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
      Route(.get, "/events.atom", for: .read, getAtomFeed),
      Route(.get, "/openapi.json", for: .everyone, getOpenAPI),
    ]
      + StreamFormat.allCases.map { format in
        Route(.get, "/events/stream", produces: format.mediaType, for: .read, streamEvents(as: format))
      }
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
