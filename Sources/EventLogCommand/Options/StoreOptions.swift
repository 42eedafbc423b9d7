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
    _ = mustExist ? try existingFile() : try file
    return try store.open()
  }

  /// - Returns: the path of the log's file.
  /// - Throws: `EventStoreError` when there is none; `ValidationError` when the log is in memory.
  func existingFile() throws -> String {
    let path = try file
    guard FileManager.default.fileExists(atPath: path) else {
      throw EventStoreError(.unavailable, cause: "there is no event log at \(path)")
    }
    return path
  }

  private var file: String {
    get throws {
      switch store {
      case .memory:
        throw ValidationError("A log in memory is gone with the process; give --store sqlite:PATH.")
      case .sqlite(let path): path
      }
    }
  }
}

extension StoreOptions: EnvironmentOptions {
  static let environmentOptions = [EnvironmentOption.value("store")]
}
