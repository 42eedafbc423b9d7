import GRDB

extension Database {
  /// Reads the size of the database as this connection sees it, in bytes. The part that is still in the write-ahead log
  /// counts, too.
  func size() throws -> Int {
    let pages = try cachedStatement(sql: "PRAGMA page_count").firstInteger() ?? 0
    let pageSize = try cachedStatement(sql: "PRAGMA page_size").firstInteger() ?? 0
    return Int(pages * pageSize)
  }
}
