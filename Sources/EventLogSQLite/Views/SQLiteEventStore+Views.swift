public import EventLog
public import EventLogAccess
import GRDB

extension SQLiteEventStore: ViewStore {
  public func views(of owner: ViewOwner) async throws(EventStoreError) -> [SavedView] {
    try await read(.brief) { try ViewTable($0).views(of: owner) }
  }

  public func view(named name: ViewName, of owner: ViewOwner) async throws(EventStoreError) -> SavedView? {
    try await read(.brief) { try ViewTable($0).view(named: name, of: owner) }
  }

  public func saveView(_ view: SavedView, for owner: ViewOwner) async throws(EventStoreError) -> ViewSaving {
    try await change { table in
      let isKnown = try table.view(named: view.name, of: owner) != nil
      guard try isKnown || table.count(of: owner) < ViewSaving.maximumCount else { return .refused }
      try table.save(view, for: owner)
      return isKnown ? .replaced : .created
    }
  }

  public func removeView(named name: ViewName, of owner: ViewOwner) async throws(EventStoreError) -> Bool {
    try await change { try $0.remove(name, of: owner) }
  }

  /// Changes views in one transaction.
  private func change<Value: Sendable>(
    _ body: @escaping @Sendable (ViewTable) throws -> Value
  ) async throws(EventStoreError) -> Value {
    // During a migration, the connection that writes is not free.
    try gate.checkBeforeTransaction()
    do {
      return try await writer.run { [writer] database in
        let value = try writer.transaction(database) { try body(ViewTable(database)) }
        writer.writeAheadLog.keepSmall(database)
        return value
      }
    } catch {
      throw EventStoreError(error)
    }
  }
}
