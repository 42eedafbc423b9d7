import ArgumentParser
import EventLog
import EventLogSQLite
import Foundation
import HTTPCore
import Logging

/// The options that `serve` and CGI share: which log, and how it is answered for.
struct LogOptions: ParsableArguments {
  @OptionGroup var storeOptions: StoreOptions

  @Flag(inversion: .prefixedNo, help: "Put three example events into an empty log.")
  var examples = false

  @Option(
    help: ArgumentHelp(
      "The longest content of a request that is accepted. (default: 1048576)", valueName: "bytes"),
    transform: { try Int(option: $0, in: 1...(1 << 30)) })
  var maxBody: Int = 1 << 20

  @Option(
    help: ArgumentHelp(
      "How long a search may take, 1 to 3600. (default: \(SQLiteEventStore.defaultQueryTimeout))",
      valueName: "seconds"),
    transform: { try Int(option: $0, in: 1...3600) })
  var queryTimeout: Int = SQLiteEventStore.defaultQueryTimeout

  @Option(
    help: ArgumentHelp(
      """
      What is logged to standard error: trace, debug, info, notice, warning, error or critical. \
      (default: info)
      """,
      valueName: "level"),
    transform: Logger.Level.init(option:))
  var logLevel: Logger.Level = .info

  var store: StoreURL { storeOptions.store }

  /// One line an event, to standard error.
  func makeLogger() -> Logger {
    var logger = Logger(label: "eventlog", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = logLevel
    return logger
  }

  /// Opens the store, and makes a site of it.
  ///
  /// - Parameters:
  ///   - statistics: what the server has done so far; nil where there is no server that lives on.
  ///   - logger: is told of each response that has a cause for it.
  /// - Returns: the site.
  /// - Throws: `EventStoreError` when the store cannot be used.
  func openSite(statistics: (@Sendable () -> ServerStatistics)? = nil, _ logger: Logger) throws -> Site {
    let store = try store.open(queryTimeout: queryTimeout)
    if examples { _ = try waitFor { try await store.restore(Event.examples, after: nil) } }
    return Site(store: store, storeName: storeOptions.store.name, statistics: statistics, logger: logger)
  }
}

extension LogOptions: EnvironmentOptions {
  static let environmentOptions: [EnvironmentOption] =
    StoreOptions.environmentOptions + [
      .invertibleFlag("examples"), .value("max-body"), .value("query-timeout"), .value("log-level"),
    ]
}
