import EventLog
@testable import EventLogFormats

/// Checks that a file yields the same entries however it is split into parts, and that events are read from every
/// format as they were written.
enum FilesTarget {
  static func test(_ input: [UInt8]) {
    let entries = entries(of: input, partSize: max(input.count, 1))
    let size = Int(input.first ?? 0) % 16 + 1
    require(entries == self.entries(of: input, partSize: size), "the size of the parts makes no difference")

    let events = entries.compactMap { try? $0.content.get() }.enumerated().compactMap { index, imported in
      EventID(Int64(index + 1)).map {
        Event(
          id: $0, timestamp: imported.timestamp ?? Timestamp(milliseconds: 0), draft: imported.draft)
      }
    }
    if events.isEmpty { return }
    for format in EventFormat.allCases {
      let read = self.entries(of: text(of: events, by: format.writer), partSize: 4096).map {
        try? $0.content.get()
      }
      require(
        read.count == events.count
          && zip(read, events).allSatisfy {
            $0?.id == $1.id && $0?.timestamp == $1.timestamp && $0?.draft == $1.draft
          },
        "events are read from a format as they were written to it")
    }
  }

  private static func text<Writer: EventWriter>(of events: [Event], by writer: Writer) -> [UInt8] {
    var writer = writer
    for event in events { writer.append(Writer.Item(event, by: .timestamp)) }
    writer.finish()
    return writer.text
  }

  private static func entries(of text: [UInt8], partSize: Int) -> [Entry] {
    var rest = text[...]
    var reader = EventFileReader {
      defer { rest = rest.dropFirst(partSize) }
      return Array(rest.prefix(partSize))
    }
    var entries: [Entry] = []
    while let entry = try? reader.next() { entries.append(Entry(line: entry.line, content: entry.content)) }
    return entries
  }

  private struct Entry: Equatable {
    let line: Int
    let content: Result<ImportedEvent, InvalidEntry>

    static func == (left: Entry, right: Entry) -> Bool {
      guard left.line == right.line else { return false }
      switch (left.content, right.content) {
      case (.success(let left), .success(let right)):
        return left.id == right.id && left.timestamp == right.timestamp && left.draft == right.draft
      case (.failure(let left), .failure(let right)): return left == right
      default: return false
      }
    }
  }
}
