import Testing

/// Checks the imports between the rooms, and the calls that belong in one place.
struct RoomTests {
  /// The table in README: what each room may import.
  private static func table() throws -> [String: Set<String>] {
    var table: [String: Set<String>] = [:]
    for row in try Checkout.text("README.md").split(separator: "\n").drop(while: {
      $0 != "| room | may import |"
    })
    .dropFirst(2).prefix(while: { $0.hasPrefix("|") }) {
      let cells = row.split(separator: "|").map { $0.split(separator: "`").enumerated() }
      let names = cells.map { cell in Set(cell.filter { $0.offset % 2 == 1 }.map { String($0.element) }) }
      try #require(names.count == 2, "\(row)")
      for room in names[0] { table[room] = names[1] }
    }
    return table
  }

  @Test func areThoseOfTheTable() throws {
    #expect(try Self.table().keys.sorted() == Checkout.rooms())
  }

  @Test func importWhatTheTableAllowsAndNothingElse() throws {
    let table = try Self.table()
    let rooms = Set(table.keys)
    for (room, allowed) in table {
      let imports = try Checkout.swiftFiles(in: "Sources/\(room)").flatMap { try Checkout.imports(of: $0) }
      #expect(Set(imports).intersection(rooms) == allowed, "\(room)")
    }
  }

  @Test(arguments: [
    ("CCurl", "Sources/HTTPClient/"),
    ("CFastCGI", "Sources/FastCGI/Reception/LibfcgiReader.swift"),
    ("CMessageDigest", "Sources/EventLogAccess/SHA256.swift"),
    ("CZlib", "Sources/EventLogFormats/Reading/GzipDecoder.swift"),
    ("GRDBSQLite", "Sources/EventLogSQLite/SQLite/"),
  ])
  func callALibraryInOnePlace(_ module: String, place: String) throws {
    let callers = try Checkout.swiftFiles(in: "Sources").filter {
      try Checkout.imports(of: $0).contains(module)
    }
    #expect(!callers.isEmpty && callers.allSatisfy { $0.hasPrefix(place) }, "\(callers)")
  }
}
