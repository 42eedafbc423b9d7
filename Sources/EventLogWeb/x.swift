public import EventLog
public import HTTPCore
public struct EventPages: Sendable {
  public init(store: any EventStore, isAvailable: @escaping @Sendable () async -> Bool, problem: @escaping @Sendable (EventStoreError) -> ProblemDetails, version: String) {}
  public var routes: [Route] { [] }
}
