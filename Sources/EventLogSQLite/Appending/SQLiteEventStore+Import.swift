public import EventLog
import GRDB

extension SQLiteEventStore {
  /// How long an import waits for others before it is told that the log is busy, so that it can be interrupted.
  private static let importPatience = Duration.milliseconds(500)

  public func restore(
    _ events: [Event], after lastID: EventID?
  ) async throws(EventStoreError) -> Bool {
    try gate.checkBeforeTransaction()
    do {
      let isRestored = try await writer.run { [writer] database in
        let isRestored = try writer.transaction(database) {
          // The sequence, not the table, tells which id was assigned last.
          let last = try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'")
          guard last == lastID?.number else { return false }
          let inserter = try EventInserter(database)
          for event in events { try inserter.insert(event) }
          return true
        }
        writer.writeAheadLog.keepSmall(database)
        return isRestored
      }
      if isRestored { await sealer.catchUp() }
      return isRestored
    } catch {
      throw EventStoreError(error)
    }
  }

  public func record(_ part: ImportPart) async throws(EventStoreError) -> ImportPart.Outcome? {
    do {
      let outcome = try await writer.run { [writer, now = committer.now] database in
        let outcome: ImportPart.Outcome? = try database.waiting(atMost: Self.importPatience) {
          try writer.transaction(database) {
            guard try database.replace(part.before, by: part.after) else { return nil }
            return try database.insert(part.items, timestamp: now())
          }
        }
        writer.writeAheadLog.keepSmall(database)
        return outcome
      }
      if let last = outcome?.lastID?.number {
        sealer.startIfDue(lastID: last, textSize: 0)
        await sealer.makeRoom(lastID: last)
      }
      return outcome
    } catch {
      throw EventStoreError(error)
    }
  }

  public func unfinishedImports() async throws(EventStoreError) -> [ImportProgress] {
    try await read(.brief) { try $0.unfinishedImports() }
  }

  public func endImport(_ progress: ImportProgress) async throws(EventStoreError) {
    do {
      try await writer.run { [writer] database in
        try database.waiting(atMost: Self.importPatience) {
          try writer.transaction(database) { try database.forget(progress) }
        }
      }
    } catch {
      throw EventStoreError(error)
    }
  }
}

extension Database {
  /// Notes how far an import has come.
  ///
  /// - Returns: whether the log held the progress before and no other of the same input.
  fileprivate func replace(_ before: ImportProgress?, by after: ImportProgress) throws -> Bool {
    let known = try unfinishedImports().filter { $0 == before || $0.input == after.input }
    guard known == [before].compactMap(\.self) else { return false }
    if let before { try forget(before) }
    try cachedStatement(
      sql: "INSERT INTO unfinished_import (input, keeping, count, digest) VALUES (?, ?, ?, ?)"
    ).run([after.input, after.keeping.rawValue, Int64(after.count), after.digest])
    return true
  }

  fileprivate func forget(_ progress: ImportProgress) throws {
    try cachedStatement(sql: "DELETE FROM unfinished_import WHERE input = ? AND count = ?")
      .run([progress.input, Int64(progress.count)])
  }

  fileprivate func unfinishedImports() throws -> [ImportProgress] {
    var imports: [ImportProgress] = []
    let statement = try cachedStatement(sql: "SELECT input, keeping, count, digest FROM unfinished_import")
    try statement.forEachRow { row in
      if let keeping = ImportProgress.Keeping(rawValue: row.integer(1)) {
        imports.append(
          ImportProgress(
            input: try row.text(0), keeping: keeping, count: Int(row.integer(2)), digest: try row.text(3)))
      }
      return true
    }
    return imports
  }

  fileprivate func insert(
    _ items: [ImportPart.Item], timestamp: Timestamp
  ) throws -> ImportPart.Outcome {
    // The sequence, not the table, tells which id was assigned last.
    var last =
      try cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'").firstInteger() ?? 0
    let inserter = try EventInserter(self)
    var renumbered = 0
    for item in items {
      let timestamp = item.timestamp ?? timestamp
      if let id = item.id, id.number > last {
        try inserter.insert(Event(id: id, timestamp: timestamp, draft: item.draft))
        last = id.number
      } else {
        last = try inserter.insert(item.draft, timestamp: timestamp).id.number
        if item.id != nil { renumbered += 1 }
      }
    }
    return ImportPart.Outcome(lastID: EventID(last), renumbered: renumbered)
  }
}
