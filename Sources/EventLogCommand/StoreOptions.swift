import ArgumentParser
import EventLog
import Foundation

/// The option that says which log.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Where the log is kept: sqlite:PATH, or memory for as long as the process lives. \
      (default: sqlite:events.sqlite)
      """,
      valueName: "url"),
    transform: StoreURL.init(option:))
  var store: StoreURL = .sqlite(path: "events.sqlite")

  /// Opens a log that others may be using.
  ///
  /// - Parameter mustExist: whether to refuse to make a new one.
  /// - Returns: the store.
  /// - Throws: `EventStoreError` when it cannot be used; `ValidationError` when it is in memory, where no other
  ///   process finds it.
  func openShared(mustExist: Bool) throws -> any EventStore {
    switch store {
    case .memory: throw ValidationError("A log in memory is gone with the process; give --store sqlite:PATH.")
    case .sqlite(let path):
      if mustExist, !FileManager.default.fileExists(atPath: path) {
        throw EventStoreError(.unavailable, cause: "there is no event log at \(path)")
      }
      return try store.open()
    }
  }
}
