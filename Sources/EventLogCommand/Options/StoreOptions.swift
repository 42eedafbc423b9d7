import ArgumentParser
import EventLog
import Glibc

/// The option that names the log.
struct StoreOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Where the log is kept: sqlite:PATH, or memory, which lasts only as long as the process. \
      (default: sqlite:events.sqlite)
      """,
      valueName: "url"),
    transform: StoreURL.init(option:))
  var store: StoreURL = .sqlite(path: "events.sqlite")

  /// Finds the log's file.
  ///
  /// - Returns: the path of the log's file.
  /// - Throws: `EventStoreError` when the file does not exist; `ValidationError` when the log is in memory.
  func existingFile() throws -> String {
    let path = try self.path
    guard try exists else { throw EventStoreError(.unavailable, cause: "there is no event log at \(path)") }
    return path
  }

  /// Whether there is a file at the log's path; throws `ValidationError` when the log is in memory.
  var exists: Bool {
    get throws { try access(path, F_OK) == 0 }
  }

  /// The log's path; throws `ValidationError` when the log is in memory.
  var path: String {
    get throws {
      switch store {
      case .memory:
        throw ValidationError("A log in memory disappears with its process. Please give --store sqlite:PATH.")
      case .sqlite(let path): path
      }
    }
  }
}

extension StoreOptions: EnvironmentOptions {
  static let environmentOptions = [EnvironmentOption.value("store")]
}
