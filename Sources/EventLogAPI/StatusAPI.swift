public import EventLog
public import HTTPCore
import HTTPTypes

/// The operators' interface to the running program: its route table. The router lets only operators reach it, and the
/// shipped configurations of the web servers only their own machine.
public struct StatusAPI: Sendable {
  let store: any EventStore
  let storeName: String
  let availability: Availability
  let version: String
  let statistics: @Sendable () -> ServerStatistics
  let streams: StreamLimits?

  /// Creates the interface to a running program.
  ///
  /// - Parameters:
  ///   - store: the store of the log.
  ///   - storeName: the name of the kind of store, which `/status` shows.
  ///   - availability: tells whether the log can be used.
  ///   - version: the program's version, which both routes show.
  ///   - statistics: returns what the server has done so far.
  ///   - streams: counts the streams; nil when there are none.
  public init(
    store: any EventStore, storeName: String, availability: Availability, version: String,
    statistics: @escaping @Sendable () -> ServerStatistics, streams: StreamLimits? = nil
  ) {
    self.store = store
    self.storeName = storeName
    self.availability = availability
    self.version = version
    self.statistics = statistics
    self.streams = streams
  }

  public var routes: [Route] {
    [
      Route(.get, "/status", for: .status, getStatus),
      Route(.get, "/metrics", for: .status, getMetrics),
    ]
  }

  /// - Returns: nil when the store does not answer, which is just when operators look here.
  func storeStatistics() async -> StoreStatistics? {
    do { return try await store.statistics() } catch { return nil }
  }
}
