import ArgumentParser
import EventLog
import Foundation
import Logging

/// The options that `serve` and CGI share: which log, and how it is answered for.
struct LogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where the log is kept: sqlite:PATH, or memory for as long as the process lives.", valueName: "url"),
    transform: StoreURL.init(option:))
  var store: StoreURL = .memory

  @Flag(inversion: .prefixedNo, help: "Put three example events into an empty log.")
  var examples = false

  @Option(
    help: ArgumentHelp("The longest content of a request that is accepted.", valueName: "bytes"),
    transform: { try Int(option: $0, named: "--max-body", in: 1...(1 << 30)) })
  var maxBody: Int = 1 << 20

  @Option(
    help: ArgumentHelp(
      "What is logged to standard error: trace, debug, info, notice, warning, error or critical.",
      valueName: "level"),
    transform: Logger.Level.init(option:))
  var logLevel: Logger.Level = .info

  /// One line an event, to standard error.
  func makeLogger() -> Logger {
    var logger = Logger(label: "eventlog", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = logLevel
    return logger
  }

  /// Opens the store and wires the routes over it.
  ///
  /// - Throws: `EventStoreError` when the store cannot be used.
  func openService(_ logger: Logger) throws -> Service {
    let store = try store.open()
    if examples { _ = try waitFor { try await store.restore(Event.examples) } }
    return Service(store: store, logger: logger)
  }
}
