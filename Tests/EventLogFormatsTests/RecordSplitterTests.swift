import Testing

@testable import EventLogFormats

/// Tests where the records of a text begin and end.
struct RecordSplitterTests {
  @Test(arguments: [1, 2, 1000])
  func endsALineWithALineFeed(partSize: Int) {
    let lines = split("a\n\n b \r\n\nc", LineSplitter(), partSize: partSize)
    #expect(lines.map(\.line) == [1, 2, 3, 4, 5])
    #expect(lines.map { text($0.content) } == ["a", "", " b \r", "", "c"])
    #expect(split("a\n", LineSplitter(), partSize: partSize).map(\.line) == [1])
    #expect(split("", LineSplitter(), partSize: partSize).isEmpty)
  }

  @Test(arguments: [1, 2, 1000])
  func findsTheElementsOfAnArray(partSize: Int) {
    let elements = split(
      #"[{"a":[1,"],\"}"]},"# + "\n\n" + #" "\\", x"# + "\n, {\n}\n]\n", JSONArraySplitter(line: 7),
      partSize: partSize)
    #expect(elements.map(\.line) == [7, 9, 9, 10])
    #expect(elements.map { text($0.content) } == [#"{"a":[1,"],\"}"]}"#, #""\\""#, "x\n", "{\n}\n"])
  }

  @Test(arguments: [1, 2, 1000])
  func findsTheCellsOfARow(partSize: Int) {
    let rows = split(
      "a,b\r\n\n\"1\n,\"\"2\",\n,x\"y\r\"last\"", CSVRowSplitter(line: 1), partSize: partSize)
    #expect(rows.map(\.line) == [1, 3, 5, 6])
    let cells = rows.map { try? $0.content.get().map { String(decoding: $0, as: UTF8.self) } }
    #expect(cells == [["a", "b"], ["1\n,\"2", ""], ["", "x\"y"], ["last"]])
  }

  @Test(arguments: [
    ("a,b;c\td\n", ["a", "b;c\td"]), ("a;b,c\n", ["a", "b,c"]), ("a\tb;c\n", ["a", "b;c"]),
  ])
  func separatesCellsByWhatComesFirst(_ text: String, cells: [String]) {
    let rows = split(text + text, CSVRowSplitter(line: 1), partSize: 100)
    #expect(
      rows.map { try? $0.content.get().map { String(decoding: $0, as: UTF8.self) } } == [cells, cells])
  }

  @Test(arguments: ["a\"b", "a\"\"", " a\"b\" ", "a \""])
  func takesAQuoteInsideACellForItself(_ cell: String) {
    let rows = split("x,\(cell),y", CSVRowSplitter(line: 1), partSize: 1)
    let cells = rows.map { try? $0.content.get().map { String(decoding: $0, as: UTF8.self) } }
    #expect(cells == [["x", cell, "y"]])
  }

  @Test(arguments: ["x, \"a\"", "  \"a,b\",x"])
  func refusesSpacesBeforeAQuotedCell(_ row: String) {
    let rows = split("\(row)\nc", CSVRowSplitter(line: 1), partSize: 1)
    let valid = rows.compactMap { try? $0.content.get() }
    #expect(rows.count == 2 && valid.count == 1)
  }

  @Test(arguments: [1, 2, 1000])
  func joinsTheLinesOfAnObject(partSize: Int) {
    let pretty = "{\n  \"a\": [\n    {\"}\": 1}\n  ],\n\n  \"b\": \"{\"\n}"
    let objects = split(
      "{\"x\":1}\n\n\(pretty)\n{}\n\(pretty)", JSONLinesSplitter(line: 3), partSize: partSize)
    #expect(objects.map(\.line) == [3, 4, 5, 12, 13])
    #expect(objects.map { text($0.content) } == ["{\"x\":1}", "", pretty + "\n", "{}", pretty + "\n"])
  }

  /// A line that was cut off costs only its own object.
  @Test(arguments: ["{\"a\":1,", "{\"a\":", "{\"a\":\"b", "{\"a\":{\"b\":[1]", "{"])
  func endsACutObjectWhereTheNextOneStarts(_ cut: String) {
    let objects = split("\(cut)\n{\"b\":2}\n{\"c\":3}\n", JSONLinesSplitter(line: 1), partSize: 100)
    #expect(objects.map(\.line) == [1, 2, 3])
    #expect(objects.map { text($0.content) } == [cut + "\n", "{\"b\":2}", "{\"c\":3}"])
  }

  @Test func complainsOnceAboutARecordThatIsLongerThanAnyEvent() {
    let long = String(repeating: "x", count: 9 << 20)
    let many = String(repeating: ",", count: 1 << 20)
    #expect(complaints(split("a\n\(long)\nb", LineSplitter(), partSize: 1 << 16)) == [2])
    #expect(complaints(split("a\n{\(long)\nb\n}", JSONLinesSplitter(line: 1), partSize: 1 << 16)) == [2])
    #expect(complaints(split("[1,\n\"\(long)\"]", JSONArraySplitter(line: 1), partSize: 1 << 16)) == [2])
    for row in [long, "b,\(long)", "b,\"\(long),\"", many, "\(many)\"\n\",\"a\"b\"\"\""] {
      #expect(complaints(split("a\n\(row)\nc", CSVRowSplitter(line: 1), partSize: 1 << 16)) == [2])
    }
  }

  @Test func goesOnAfterARecordThatIsTooLong() {
    let long = String(repeating: "x", count: 9 << 20)
    let lines = split("\(long)\nb\n\(long)", LineSplitter(), partSize: 1 << 16)
    #expect(lines.map(\.line) == [1, 2, 3])
    #expect(complaints(lines) == [1, 3])
    #expect(text(lines[1].content) == "b")
    let elements = split("[\"\(long)\",\n2]", JSONArraySplitter(line: 1), partSize: 1 << 16)
    #expect(elements.map { text($0.content) } == [nil, "2"])
    let rows = split("a,b\n\"\(long)\n\",\"x\"\nc,d", CSVRowSplitter(line: 1), partSize: 1 << 16)
    #expect(rows.map { (try? $0.content.get())?.count } == [2, nil, 2])
    #expect(rows.map(\.line) == [1, 2, 4])
  }

  private func split<Splitter: RecordSplitter>(
    _ text: String, _ splitter: Splitter, partSize: Int
  ) -> [FileEntry<Splitter.Record>] {
    var splitter = splitter
    var rest = Array(text.utf8)[...]
    var records: [FileEntry<Splitter.Record>] = []
    while !rest.isEmpty {
      records += splitter.split(Array(rest.prefix(partSize)))
      rest = rest.dropFirst(partSize)
    }
    return records + splitter.finish()
  }

  private func text(_ content: Result<[UInt8], InvalidEntry>) -> String? {
    (try? content.get()).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The lines of the records that are too long.
  private func complaints(_ records: [FileEntry<some Sendable>]) -> [Int] {
    records.filter { record in
      if case .failure(let error) = record.content {
        error.description.contains("longer than any event can be")
      } else {
        false
      }
    }.map(\.line)
  }
}
