public import EventLog
public import HTTPCore
import HTTPTypes

/// The pages for people: their route table. Each handler has a file of its own.
///
/// They do everything without scripts, and every view is a URL.
public struct EventPages: Sendable {
  let store: any EventStore
  let isAvailable: @Sendable () async -> Bool
  let problem: @Sendable (EventStoreError) -> ProblemDetails
  let version: String

  /// - Parameters:
  ///   - store: the log.
  ///   - isAvailable: tells whether the log can be used.
  ///   - problem: the status and the words for an error of the store.
  ///   - version: of the program, to be shown.
  public init(
    store: any EventStore, isAvailable: @escaping @Sendable () async -> Bool,
    problem: @escaping @Sendable (EventStoreError) -> ProblemDetails, version: String
  ) {
    self.store = store
    self.isAvailable = isAvailable
    self.problem = problem
    self.version = version
  }

  public var routes: [Route] {
    [
      Route(.get, "/", listPage),
      Route(.post, "/events", produces: .html, submitEvent),
    ]
  }
}
