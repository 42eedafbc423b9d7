import EventLog
import EventLogAccess
import GRDB
import Text

/// The table of saved views.
struct ViewTable {
  private let database: Database

  /// - Parameter database: a connection in a transaction, or one that reads.
  init(_ database: Database) {
    self.database = database
  }

  func views(of owner: ViewOwner) throws -> [SavedView] {
    try select("SELECT name, query, columns FROM saved_view WHERE owner = ? ORDER BY name", [owner.key])
  }

  func view(named name: ViewName, of owner: ViewOwner) throws -> SavedView? {
    try select(
      "SELECT name, query, columns FROM saved_view WHERE owner = ? AND name = ?",
      [owner.key, name.text.string]
    ).first
  }

  func count(of owner: ViewOwner) throws -> Int {
    let count = try database.cachedStatement(sql: "SELECT count(*) FROM saved_view WHERE owner = ?")
      .firstInteger([owner.key])
    return Int(count ?? 0)
  }

  /// Adds a view, or puts it in the place of the one that has its name.
  func save(_ view: SavedView, for owner: ViewOwner) throws {
    try database.cachedStatement(
      sql: "INSERT OR REPLACE INTO saved_view (owner, name, query, columns) VALUES (?, ?, ?, ?)"
    ).run([owner.key, view.name.text.string, view.query.string, view.columns?.parameter.string])
  }

  /// - Returns: whether there was such a view.
  func remove(_ name: ViewName, of owner: ViewOwner) throws -> Bool {
    try database.cachedStatement(sql: "DELETE FROM saved_view WHERE owner = ? AND name = ?")
      .run([owner.key, name.text.string])
    return database.changesCount > 0
  }

  func removeAll(of owner: ViewOwner) throws {
    try database.cachedStatement(sql: "DELETE FROM saved_view WHERE owner = ?").run([owner.key])
  }

  private func select(_ sql: String, _ arguments: [any StatementArgument]) throws -> [SavedView] {
    var views: [SavedView] = []
    try database.cachedStatement(sql: sql).forEachRow(arguments) { row in
      // Columns that only a newer version knows are those that nobody has chosen here.
      let columns = try row.optionalText(2).flatMap { try? ListColumns(parameter: Text($0)) }
      views.append(
        SavedView(
          stored: ViewName(stored: Text(try row.text(0))), query: Text(try row.text(1)), columns: columns))
      return true
    }
    return views
  }
}

extension ViewOwner {
  /// The owner as the table has it.
  fileprivate var key: String {
    switch self {
    case .everybody: ""
    case .key(let name): "key:\(name.string)"
    case .user(let name): "user:\(name.string)"
    }
  }
}
