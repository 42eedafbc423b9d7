import EventLog
import EventLogSQLite

/// Which store, as one text.
enum StoreURL: Equatable, Sendable {
  case memory
  case sqlite(path: String)

  /// What it is, for people.
  var name: String {
    switch self {
    case .memory: "memory"
    case .sqlite: "SQLite"
    }
  }

  /// - Parameter queryTimeout: how long a search may take, in seconds.
  /// - Returns: the store.
  /// - Throws: `EventStoreError` when it cannot be used.
  func open(queryTimeout: Int = SQLiteEventStore.defaultQueryTimeout) throws(EventStoreError)
    -> any EventStore
  {
    switch self {
    case .memory: MemoryEventStore()
    case .sqlite(let path): try SQLiteEventStore(path: path, queryTimeout: queryTimeout)
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
