import ArgumentParser
import EventLog
import EventLogAPI
import EventLogAccess
import EventLogSQLite
import Foundation
import HTTPCore
import Linux
import Logging

/// The options that `serve` and CGI share: the log, and how requests for it are handled.
struct LogOptions: ParsableArguments {
  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var sizeOptions: SizeOptions

  @Flag(inversion: .prefixedNo, help: "Put three example events into an empty log.")
  var examples = false

  @Option(
    help: ArgumentHelp(
      "The largest request content that is accepted. (default: 1048576)", valueName: "bytes"),
    transform: { try Int(option: $0, in: 1...(1 << 30)) })
  var maxBody: Int = 1 << 20

  @Option(
    help: ArgumentHelp(
      "The longest time that a search may take, 1 to 3600. (default: \(SQLiteEventStore.Settings.defaultQueryTimeout))",
      valueName: "seconds"),
    transform: { try Int(option: $0, in: 1...3600) })
  var queryTimeout: Int = SQLiteEventStore.Settings.defaultQueryTimeout

  @Option(
    help: ArgumentHelp(
      """
      How long an Idempotency-Key is remembered, such as 1h or 7d; at most a million of them are. (default: 24h)
      """, valueName: "span"),
    transform: TimeSpan.init(option:))
  var idempotencyWindow: TimeSpan?

  @Option(
    help: ArgumentHelp(
      """
      The lowest level that is logged to standard error: trace, debug, info, notice, warning, error or critical. \
      (default: info)
      """,
      valueName: "level"),
    transform: Logger.Level.init(option:))
  var logLevel: Logger.Level = .info

  @OptionGroup var addressOptions: AddressOptions
  @OptionGroup var accessOptions: AccessOptions

  var store: StoreURL { storeOptions.store }

  /// Makes a logger that writes one line per log message.
  ///
  /// - Parameter output: writes the lines; it must be flushed before the process ends.
  /// - Returns: the logger.
  func makeLogger(writingTo output: BackgroundLineWriter) -> Logger {
    var logger = Logger(label: "eventlog", factory: { StreamLogHandler(label: $0, stream: output) })
    logger.logLevel = logLevel
    return logger
  }

  /// Opens the store, and makes a site of it.
  ///
  /// - Parameters:
  ///   - migratesAtOnce: whether a store that an older version wrote is brought up to date before this returns.
  ///   - statistics: returns what the server has done so far; nil for a process that answers only one request.
  ///   - operators: the addresses that operators come from, in addition to those of this machine.
  ///   - streamLimits: how many streams there may be.
  ///   - logger: logs the cause of each response that has one.
  /// - Returns: the site.
  /// - Throws: `EventStoreError` when the store cannot be used, or keys are asked for and there are none.
  func openSite(
    migratesAtOnce: Bool = true, statistics: (@Sendable () -> ServerStatistics)? = nil,
    operators: [IPAddress] = [], streamLimits: StreamLimits = StreamLimits(), _ logger: Logger
  ) throws -> Site {
    var settings = sizeOptions.settings
    settings.queryTimeout = .seconds(queryTimeout)
    if let idempotencyWindow { settings.idempotencyWindow = .seconds(idempotencyWindow.seconds) }
    let store = try store.open(settings, logger: logger)
    if migratesAtOnce { try store.migrate { _ in } }
    // A log that must be brought up to date is not empty.
    if examples, !store.isMigrating {
      _ = try waitFor { try await store.restore(Event.examples, after: nil) }
    }
    let access = try access(to: store)
    // A program that answers one request would say so each time.
    if access == nil, statistics != nil { try warnAboutUnusedKeys(of: store, logger) }
    return Site(
      store: store, storeName: storeOptions.store.name, policy: addressOptions.policy,
      access: access, operators: operators, maximumBodySize: maxBody, statistics: statistics,
      streamLimits: streamLimits, logger: logger)
  }

  /// Warns when the log has keys that nobody is asked for: somebody who made them may believe that the log is closed.
  private func warnAboutUnusedKeys(of store: any EventStore, _ logger: Logger) throws {
    guard let keys = store as? any AccessStore, !store.isMigrating,
      try waitFor({ try await keys.snapshot(maximumAge: .zero).hasKey(at: .now()) })
    else { return }
    logger.warning("the log has keys, but --access open asks nobody for one; --access keys does")
  }

  /// Makes what asks visitors who they are; nil where nobody is asked.
  private func access(to store: any EventStore) throws -> KeyAccess? {
    guard accessOptions.access == .keys else { return nil }
    let keys = (store as? any AccessStore) ?? MemoryAccessStore(log: store)
    // While an older log is brought up to date, nobody gets in, and it has no keys anyway.
    if !store.isMigrating, !(try waitFor { try await keys.snapshot(maximumAge: .zero).hasKey(at: .now()) }) {
      throw EventStoreError(
        .unavailable,
        cause: """
          --access keys needs a key, and there is none. Make one with: eventlog keys create NAME --role admin --store \(storeOptions.store)
          """)
    }
    return KeyAccess(
      keys, anonymous: Set(accessOptions.anonymous), remoteUsers: accessOptions.trustRemoteUser,
      cookies: SessionCookie(isSecure: addressOptions.publicURL?.scheme == .https))
  }
}

extension LogOptions: EnvironmentOptions {
  static let environmentOptions: [EnvironmentOption] =
    StoreOptions.environmentOptions + SizeOptions.environmentOptions + AddressOptions.environmentOptions
    + AccessOptions.environmentOptions + [
      .invertibleFlag("examples"), .value("max-body"), .value("query-timeout"), .value("idempotency-window"),
      .value("log-level"),
    ]
}
