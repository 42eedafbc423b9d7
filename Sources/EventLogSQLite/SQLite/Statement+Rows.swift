import GRDB
import GRDBSQLite

// Statements run with SQLite's own calls: reading a page or inserting an event takes a third of the instructions that
// it takes with GRDB's rows and arguments.

extension Statement {
  /// Runs a query until `body` has enough rows.
  ///
  /// - Parameters:
  ///   - arguments: the values for the question marks, in order.
  ///   - body: receives a row, which is valid only during the call, and returns whether it needs more.
  /// - Returns: whether `body` needed more rows than there were.
  /// - Throws: any error from SQLite, or what `body` throws.
  @discardableResult
  func forEachRow(
    _ arguments: [any StatementArgument] = [], _ body: (ResultRow) throws -> Bool
  ) throws -> Bool {
    try bind(arguments)
    defer { sqlite3_reset(sqliteStatement) }
    let row = ResultRow(statement: sqliteStatement)
    while try step() {
      if try !body(row) { return false }
    }
    return true
  }

  /// Returns the first value of the first row; nil when there is no row or the value is NULL.
  func firstInteger(_ arguments: [any StatementArgument] = []) throws -> Int64? {
    var first: Int64?
    try forEachRow(arguments) { row in
      first = row.optionalInteger(0)
      return false
    }
    return first
  }

  /// Runs a statement that returns no rows.
  func run(_ arguments: [any StatementArgument] = []) throws {
    try bind(arguments)
    defer { sqlite3_reset(sqliteStatement) }
    while try step() {}
  }

  private func bind(_ arguments: [any StatementArgument]) throws {
    for (index, argument) in arguments.enumerated() {
      try check(argument.bind(to: sqliteStatement, at: Int32(index + 1)))
    }
  }

  /// - Returns: whether there is a row.
  private func step() throws -> Bool {
    switch sqlite3_step(sqliteStatement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      try check(code)
      return false
    }
  }

  private func check(_ code: Int32) throws {
    guard code != SQLITE_OK else { return }
    throw DatabaseError(
      resultCode: ResultCode(rawValue: code),
      message: String(cString: sqlite3_errmsg(sqlite3_db_handle(sqliteStatement))))
  }
}

/// The current row of a statement.
struct ResultRow {
  fileprivate let statement: OpaquePointer

  func integer(_ column: Int32) -> Int64 {
    sqlite3_column_int64(statement, column)
  }

  func optionalInteger(_ column: Int32) -> Int64? {
    sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : integer(column)
  }

  /// Returns the text of a column; empty when it is NULL.
  ///
  /// - Throws: `UTF8.ValidationError` when the text is not UTF-8, which SQLite does not check.
  func text(_ column: Int32) throws(UTF8.ValidationError) -> String {
    try optionalText(column) ?? ""
  }

  func optionalText(_ column: Int32) throws(UTF8.ValidationError) -> String? {
    let bytes = bytes(column)
    if bytes.baseAddress == nil { return nil }
    return String(copying: try UTF8Span(validating: bytes.span))
  }

  /// Returns the text of a column as it is stored, which is valid as long as the row; empty and without an address when
  /// it is NULL.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8> {
    guard let start = sqlite3_column_text(statement, column) else {
      return UnsafeBufferPointer(start: nil, count: 0)
    }
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
  }
}

extension ResultRow {
  /// Returns the bytes of a BLOB, which are valid as long as the row; none when it is NULL.
  func blob(_ column: Int32) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
  }
}

/// A value that can be bound to a question mark.
protocol StatementArgument {
  /// - Returns: SQLite's result code.
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32
}

extension Int64: StatementArgument {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    sqlite3_bind_int64(statement, index, self)
  }
}

extension [UInt8]: StatementArgument {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    // SQLite makes a copy (SQLITE_TRANSIENT). Without an address, it would bind NULL.
    withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return sqlite3_bind_zeroblob(statement, index, 0) }
      return sqlite3_bind_blob(
        statement, index, start, Int32(bytes.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    }
  }
}

extension String: StatementArgument {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    var text = self
    return text.withUTF8 { bytes in
      // An empty text may have no address, which would bind NULL. SQLite makes a copy (SQLITE_TRANSIENT).
      guard let start = bytes.baseAddress else { return sqlite3_bind_text(statement, index, "", 0, nil) }
      return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
        sqlite3_bind_text(
          statement, index, $0, Int32(bytes.count), unsafeBitCast(-1, to: sqlite3_destructor_type.self))
      }
    }
  }
}

extension Optional: StatementArgument where Wrapped: StatementArgument {
  func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    self?.bind(to: statement, at: index) ?? sqlite3_bind_null(statement, index)
  }
}
