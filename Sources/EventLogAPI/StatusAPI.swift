public import EventLog
public import HTTPCore
import HTTPTypes

/// The operators' interface to the running program: its route table. The shipped configurations of the web servers let
/// only their own machine see it.
public struct StatusAPI: Sendable {
  let store: any EventStore
  let storeName: String
  let availability: Availability
  let version: String
  let statistics: @Sendable () -> ServerStatistics

  /// - Parameters:
  ///   - store: the log.
  ///   - storeName: what keeps the events, to be shown.
  ///   - availability: tells whether the log can be used.
  ///   - version: of the program, to be shown.
  ///   - statistics: what the server has done so far.
  public init(
    store: any EventStore, storeName: String, availability: Availability, version: String,
    statistics: @escaping @Sendable () -> ServerStatistics
  ) {
    self.store = store
    self.storeName = storeName
    self.availability = availability
    self.version = version
    self.statistics = statistics
  }

  public var routes: [Route] {
    [
      Route(.get, "/status", for: .status, status),
      Route(.get, "/metrics", for: .status, metrics),
    ]
  }

  /// - Returns: nil when the store does not answer, which is when operators look here.
  func storeStatistics() async -> StoreStatistics? {
    do { return try await store.statistics() } catch { return nil }
  }
}

extension Duration {
  /// Seconds with three decimals, as JSON and Prometheus write numbers.
  var secondsText: String {
    let milliseconds = Int((self / .milliseconds(1)).rounded())
    let decimals = String(milliseconds % 1000)
    return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - decimals.count))\(decimals)"
  }
}
