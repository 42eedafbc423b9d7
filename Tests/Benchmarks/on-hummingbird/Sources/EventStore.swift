import Foundation
import GRDB

/// The same SQLite file as Event Log's, which has created the tables. It is in WAL mode, and each commit is fsynced.
struct EventStore {
  let database: DatabasePool

  init(path: String) throws {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    database = try DatabasePool(path: path, configuration: configuration)
  }

  func events(limit: Int, isDescending: Bool, type: EventType?) async throws -> [Event] {
    try await database.read { database in
      try Event.fetchAll(
        database.cachedStatement(
          sql: """
            SELECT id, timestamp, type, source, message, user_id, request_id, tags FROM event
            \(type == nil ? "" : "WHERE type = ?") ORDER BY id \(isDescending ? "DESC" : "ASC") LIMIT ?
            """),
        arguments: StatementArguments(type.map { [$0.rawValue] } ?? []) + [limit])
    }
  }

  /// Appends an event, which is on disk when the function returns. It is in no index.
  func create(_ draft: EventDraft) async throws -> Event {
    let timestamp = Int64(Date().timeIntervalSince1970 * 1000)
    let tags = try draft.tags.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
    return try await database.write { database in
      try database.cachedStatement(
        sql: """
          INSERT INTO event (timestamp, type, source, message, user_id, request_id, tags)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        timestamp, draft.type, draft.source, draft.message, draft.userID, draft.requestID, tags,
      ])
      return Event(id: database.lastInsertedRowID, timestamp: timestamp, draft: draft)
    }
  }
}
