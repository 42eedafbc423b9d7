public import EventLog
public import HTTPCore
import HTTPTypes
public import JSON

/// The pages for people: their route table. Each handler has a file of its own.
///
/// They do everything without scripts, and every view is a URL.
public struct EventPages: Sendable {
  let store: any EventStore
  let isAvailable: @Sendable () async -> Bool
  let problem: @Sendable (EventStoreError) -> ProblemDetails
  let version: String
  let storeName: String
  let now: @Sendable () -> Timestamp
  /// Of the API, an OpenAPI 3.1 document. It is read when somebody asks for it: it would take half of the start.
  let description: @Sendable () -> JSONValue
  let serviceLinks: @Sendable (_ mount: String) -> String

  /// - Parameters:
  ///   - store: the log.
  ///   - isAvailable: tells whether the log can be used.
  ///   - problem: the status and the words for an error of the store.
  ///   - version: of the program, to be shown.
  ///   - storeName: what keeps the events, to be shown.
  ///   - now: the clock that spans of time end at.
  ///   - description: of the API, an OpenAPI 3.1 document.
  ///   - serviceLinks: where the API is described, for a mount, as a value of `Link`.
  public init(
    store: any EventStore, isAvailable: @escaping @Sendable () async -> Bool,
    problem: @escaping @Sendable (EventStoreError) -> ProblemDetails, version: String,
    storeName: String, now: @escaping @Sendable () -> Timestamp = Timestamp.now,
    description: @autoclosure @escaping @Sendable () -> JSONValue,
    serviceLinks: @escaping @Sendable (_ mount: String) -> String
  ) {
    self.store = store
    self.isAvailable = isAvailable
    self.problem = problem
    self.version = version
    self.storeName = storeName
    self.now = now
    self.description = description
    self.serviceLinks = serviceLinks
  }

  public var routes: [Route] {
    [
      Route(.get, "/", for: .read, listPage),
      Route(.post, "/events", takes: [.form], produces: .html, for: .record, submitEvent),
      Route(.get, "/events/{id}", produces: .html, for: .read, eventPage),
      Route(.get, "/docs", for: .everyone, docsPage),
    ]
  }
}
