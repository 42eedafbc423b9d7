import EventLog
import EventLogFormats
import Testing

/// Tests that events are read from files in every format.
struct EventFileReaderTests {
  @Test(arguments: EventFormat.allCases, [1, 7, 100_000])
  func comesBackAsItWas(_ format: EventFormat, partSize: Int) async throws {
    let nasty = [
      "=cmd", "'=cmd", "''+1", "'", "plain", "a\"b", "a,b", "\"", "x\ty", "\tx y", "[1]", "{\"a\":1}", "null",
      "\u{FEFF}bom", "🎉 é e\u{301}", "line\nfeed", "ends\n", "\\", "]", "}",
    ]
    let events = nasty.enumerated().compactMap { index, text in
      EventID(Int64(index * 3 + 1)).map {
        Event(
          id: $0, timestamp: Timestamp(milliseconds: 1_700_000_000_000 - Int64(index)),
          draft: EventDraft(
            storedType: .allCases[index % 4], source: text.filter { !"\t\n".contains($0) }, message: text,
            userID: index % 2 == 0 ? text.filter { !"\t\n".contains($0) } : nil, requestID: nil,
            tags: index % 3 == 0 ? [text.filter { !"\t\n".contains($0) }, "t"] : [],
            data: index % 5 == 0 ? EventData(stored: #"{"n":1e400,"s":"]}\""}"#) : nil,
            occurredAt: index % 4 == 0 ? Timestamp(milliseconds: Int64(index)) : nil))
      }
    }
    let store = MemoryEventStore()
    _ = try await store.restore(events, after: nil)
    var text: [UInt8] = []
    try await store.export(EventQuery(), as: format) { text += $0 }
    let entries = try Self.read(text, partSize: partSize)
    #expect(entries.map { try? $0.content.get().event } == events)
  }

  @Test(arguments: [
    ("", []), ("[]", []), (" [ ] ", []), ("\n\n", []), ("id,type\n", []),
    ("[{\"a\":1}", ["1 the array is not closed"]), ("[1]", ["1 it must be a JSON object"]),
    ("{}\n\nx", ["1 type is required", "3 it is not JSON"]),
    ("[{}] x", ["1 type is required", "1 there is text"]),
    ("\n \n[\n{}]", ["4 type is required"]), ("\n\n{}\n{}", ["3 type is required", "4 type is required"]),
    ("\n\r\n\ncolour\nred", ["4 the header names an unknown column"]),
    ("\n\ntype,source,message\n\ninfo,a\n", ["5 it has 2 cells"]),
    ("colour\nred\n", ["1 the header names an unknown column 'colour'"]),
    ("type,source,message\ninfo,a\ninfo,\"b", ["2 it has 2 cells", "3 a quoted cell is not closed"]),
    (
      "{\"id\":\"evt_7\",\"timestamp\":\"now\",\"type\":\"info\",\"source\":\"s\",\"message\":\"m\"}",
      ["1 id must"]
    ),
  ])
  func tellsWhatIsWrongAndOnWhichLine(_ text: String, complaints: [String]) throws {
    let found = try Self.read(Array(text.utf8), partSize: 3).compactMap { entry -> String? in
      if case .failure(let error) = entry.content { "\(entry.line) \(error)" } else { nil }
    }
    #expect(found.count == complaints.count, "\(found)")
    for (found, complaint) in zip(found, complaints) { #expect(found.hasPrefix(complaint), "\(found)") }
  }

  private static let event = #"{"type":"info","source":"s","message":"m"}"#

  @Test(arguments: [
    ("[J,]", ["1 a value is missing after the last comma"], 1), ("[]]", ["1 there is text after"], 0),
    (
      "[,,J,\n,,J]",
      [
        "1 a value is missing before a comma", "1 a value is missing before a comma",
        "2 a value is missing before a comma", "2 a value is missing before a comma",
      ], 2
    ),
    ("[,]", ["1 a value is missing before a comma", "1 a value is missing after"], 0),
    ("[\nJ\n}", ["3 the array ends with } instead of ]"], 1), ("[}", ["1 the array ends with }"], 0),
    ("[J J]", ["1 it is not JSON"], 0), ("[J\n]\n]", ["3 there is text after"], 1),
    ("[J],", ["1 there is text after"], 1), ("[J][J]", ["1 there is text after"], 1),
    ("[J\n,", ["2 the array is not closed"], 1), ("[J", ["1 the array is not closed"], 0),
    ("[{]}]", ["1 it is not JSON", "1 the array ends with }", "1 there is text after"], 0),
    ("[J;J]", ["1 it is not JSON"], 0),
    ("J J", ["1 it is not JSON"], 0), ("J,\nJ", ["1 it is not JSON"], 1), ("J\n}", ["2 it is not JSON"], 1),
    ("J\n{\nJ", ["2 it is not JSON"], 2), ("J\n]", ["2 it is not JSON"], 1),
    ("\"type\",source,message\ninfo,s,m\n", [], 1),
    ("type,source,message\ninfo,s,\"a\"b\"\ninfo,s,m", ["2 there is text after the quote"], 1),
    ("type,source,message\ninfo,s,\"a\" \ninfo,s,m", ["2 there is text after the quote"], 1),
    ("type,source,message\ninfo,s, \"a,b\"\ninfo,s,m", ["2 there is a space before a quoted cell"], 1),
    ("type,source,message\n\"info\"x,s,m\ninfo,s,m", ["2 there is text after the quote"], 1),
    ("type,source,message\ninfo,s,\"m\ninfo,s,m", ["2 a quoted cell is not closed"], 0),
    ("type,source,message\ninfo,s,m,x\ninfo,s", ["2 it has 4 cells", "3 it has 2 cells"], 0),
  ])
  func refusesWhatIsNotTheFormat(_ pattern: String, complaints: [String], validCount: Int) throws {
    let text = pattern.split(separator: "J", omittingEmptySubsequences: false).joined(separator: Self.event)
    for partSize in [1, 7, 1000] {
      let entries = try Self.read(Array(text.utf8), partSize: partSize)
      let found = entries.compactMap { entry -> String? in
        if case .failure(let error) = entry.content { "\(entry.line) \(error)" } else { nil }
      }
      #expect(found.count == complaints.count && entries.count - found.count == validCount, "\(found)")
      for (found, complaint) in zip(found, complaints) { #expect(found.hasPrefix(complaint), "\(found)") }
    }
  }

  /// Whoever leaves out invalid entries must not lose the rest of a file with them.
  @Test(arguments: [
    ("[J]J", 1), ("[J][J]", 1), ("[J]\n\n,", 3), ("[J", 1), ("[J\n,J", 2), ("[\nJ,{\"a\":\"]", 2),
    ("[{]}]", 1),
    ("color\nred\nblue", 1), ("type,type,source,message\ninfo,info,s,m", 1),
    ("\u{FEFF}\u{FEFF}\ntype\ninfo", 1),
    ("\"type\"x,source,message\ntype,source,message\ninfo,s,m", 1),
    ("type,source,message\ninfo,s,\"m\ninfo,s,m", 2), ("type,source,message\ninfo,s,m\ninfo,s,m,\"x\n", 3),
  ])
  func tellsWhereTheReadingEnds(_ pattern: String, line: Int) throws {
    let text = pattern.split(separator: "J", omittingEmptySubsequences: false).joined(separator: Self.event)
    for partSize in [1, 7, 1000] {
      let entries = try Self.read(Array(text.utf8), partSize: partSize)
      #expect(entries.filter(\.endsReading).map(\.line) == [line])
      #expect(entries.last?.endsReading == true, "something was read afterwards")
    }
  }

  @Test(arguments: [
    "[J J]", "[J,,J]", "[J,]", "[1,J]", "[J}", "J J\nJ", "J\n]\nJ", "{\nJ",
    "{\"\nJ",
    "type,source,message\ninfo,s\ninfo,s,m", "type,source,message\ninfo,s,\"a\"b\ninfo,s,m",
  ])
  func goesOnAfterAnInvalidEntry(_ pattern: String) throws {
    let text = pattern.split(separator: "J", omittingEmptySubsequences: false).joined(separator: Self.event)
    let entries = try Self.read(Array(text.utf8), partSize: 7)
    let valid = entries.compactMap { try? $0.content.get() }
    #expect(valid.count < entries.count)
    let last = entries.filter(\.endsReading)
    #expect(last.isEmpty)
  }

  @Test(arguments: [
    "type;source;message;tags\ninfo;s,t;m;a,b\n", "type\tsource\tmessage\ttags\ninfo\ts,t\tm\t a , b,\n",
    "Type,SOURCE,Message, tags \r\ninfo,\"s,t\",m,\"a,b\"\r\n,,,\r\n",
    "TYPE,source,message,tags\rinfo,\"s,t\",m,\"[\"\"a\"\",\"\"b\"\"]\"\r",
    "\u{FEFF}type;source;message;tags\n;;;\ninfo;s,t;m;a,b",
    "type;source;message;tags\ninfo;s,t;m; [\"a\",\"b\"]\n",
    "type;source;message;tags\ninfo;s,t;m;\"\n\t[\"\"a\"\",\"\"b\"\"]\"\n",
    "\u{FEFF}{\n \"type\": \"info\", \"source\": \"s,t\",\n \"message\": \"m\", \"tags\": [\n  \"a\",\n\"b\"\n ]\n}\n",
    "\u{FEFF} [ {\"type\":\"info\",\"source\":\"s,t\",\"message\":\"m\",\"tags\":[\"a\",\"b\"]} ]",
  ])
  func readsWhatOtherProgramsSave(_ text: String) throws {
    for partSize in [1, 2, 1000] {
      let drafts = try Self.read(Array(text.utf8), partSize: partSize).map { try $0.content.get().draft }
      #expect(
        drafts == [
          EventDraft(
            storedType: .info, source: "s,t", message: "m", userID: nil, requestID: nil, tags: ["a", "b"],
            data: nil, occurredAt: nil)
        ])
    }
  }

  @Test func readsWhatTheOriginalWrites() throws {
    let text = """
      [{"id": "evt_001", "timestamp": "2024-01-15T14:30:00Z", "type": "info", "source": "a", "message": "b"},
       {"id": "evt_002", "timestamp": "2024-01-15T14:30:00.123999", "type": "info", "source": "a", "message": "b"}]
      """
    let events = try Self.read(Array(text.utf8), partSize: 10).map { try $0.content.get().event }
    #expect(
      events.map { $0?.timestamp.description } == ["2024-01-15T14:30:00.000Z", "2024-01-15T14:30:00.123Z"])
  }

  /// A spreadsheet puts a byte order mark in front, ends rows with CR LF, and moves and quotes columns as it likes.
  @Test func readsWhatASpreadsheetWrites() throws {
    let text =
      "\u{FEFF}source,type,\"message\",tags\r\n\"a\",info,\"b, \"\"c\"\"\nd\",\r\nx,error,\u{FEFF}y,\"[\"\"t\"\"]\"\r\n"
    let drafts = try Self.read(Array(text.utf8), partSize: 2).map { try $0.content.get().draft }
    #expect(drafts.map(\.source) == ["a", "x"])
    #expect(drafts.map(\.type) == [.info, .error])
    #expect(drafts.map(\.tags) == [[], ["t"]])
    #expect(drafts.last?.message.unicodeScalars.first == "\u{FEFF}")
  }

  @Test func readsNoHeaderAfterOneThatIsInvalid() throws {
    let text = "\"type\"x,source,message\ntype,source,message\ninfo,s,m\n"
    let entries = try Self.read(Array(text.utf8), partSize: 1000)
    #expect(entries.map(\.line) == [1])
  }

  private static func read(_ bytes: [UInt8], partSize: Int) throws -> [FileEntry<ImportedEvent>] {
    var rest = bytes[...]
    var reader = EventFileReader {
      defer { rest = rest.dropFirst(partSize) }
      return Array(rest.prefix(partSize))
    }
    var entries: [FileEntry<ImportedEvent>] = []
    while let entry = try reader.next() { entries.append(entry) }
    return entries
  }
}

extension FileEntry {
  fileprivate var endsReading: Bool {
    if case .failure(let error) = content { error.endsReading } else { false }
  }
}
