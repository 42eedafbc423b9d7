import EventLog
import EventLogSQLite
import Logging
import SystemPackage

/// A store's kind and place, which are written as one text: `memory` or `sqlite:PATH`.
enum StoreURL: Equatable, Sendable {
  case memory
  case sqlite(path: String)

  /// The name of the kind of store, for people to read.
  var name: String {
    switch self {
    case .memory: "memory"
    case .sqlite: "SQLite"
    }
  }

  /// A sentence about a log that others than its owner may read or write; nil when there is nothing to say.
  var permissionWarning: String? {
    guard case .sqlite(let path) = self, let permissions = try? Stat(FilePath(path)).permissions else {
      return nil
    }
    let others = permissions.intersection([.groupReadWriteExecute, .otherReadWriteExecute])
    if others.isEmpty { return nil }
    return
      "others may use \(path), whose mode is 0\(String(permissions.rawValue, radix: 8)); chmod 600 keeps it private"
  }

  /// Opens the store. If an older version of this program wrote it, it must still be brought up to date.
  ///
  /// - Parameters:
  ///   - settings: the limits of a store on disk.
  ///   - logger: is told what happens to the store.
  /// - Returns: the store.
  /// - Throws: `EventStoreError` when the store cannot be used.
  func open(
    _ settings: SQLiteEventStore.Settings = SQLiteEventStore.Settings(), logger: Logger = .silent
  ) throws(EventStoreError) -> any EventStore {
    switch self {
    case .memory: MemoryEventStore(idempotencyWindow: settings.idempotencyWindow)
    case .sqlite(let path): try SQLiteEventStore(opening: path, settings, logger: logger)
    }
  }
}

extension StoreURL: LosslessStringConvertible {
  init?(_ description: String) {
    let sqlite = "sqlite:"
    if description == "memory" {
      self = .memory
    } else if description.hasPrefix(sqlite), description != sqlite {
      self = .sqlite(path: String(description.dropFirst(sqlite.count)))
    } else {
      return nil
    }
  }

  var description: String {
    switch self {
    case .memory: "memory"
    case .sqlite(let path): "sqlite:\(path)"
    }
  }
}
