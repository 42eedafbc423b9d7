import EventLog
import EventLogFormats

/// Reads lines as messages, without what was written for a terminal only. Blank lines are skipped.
struct TextLines: AppendInput {
  private var splitter = LineSplitter()
  private var changedLines = 0
  private let draft: (String) throws(InvalidEntry) -> EventDraft

  let hasFailed = false

  /// - Parameter draft: makes an event of a message.
  init(_ draft: @escaping (String) throws(InvalidEntry) -> EventDraft) {
    self.draft = draft
  }

  mutating func read(_ bytes: [UInt8]) -> [FileEntry<EventDraft>] { events(splitter.split(bytes)) }

  mutating func finish() -> [FileEntry<EventDraft>] { events(splitter.finish()) }

  func sayWhatWasChanged() {
    if changedLines == 0 { return }
    Exit.say(
      """
      escape sequences were left out of \(changedLines) line\(changedLines == 1 ? "" : "s"), and there carriage \
      returns became line breaks, and other control characters U+FFFD
      """)
  }

  private mutating func events(_ lines: [FileEntry<[UInt8]>]) -> [FileEntry<EventDraft>] {
    var events: [FileEntry<EventDraft>] = []
    for line in lines {
      do throws(InvalidEntry) {
        if let event = try event(line.content.get()) {
          events.append(FileEntry(line: line.line, content: .success(event)))
        }
      } catch {
        events.append(FileEntry(line: line.line, content: .failure(error)))
      }
    }
    return events
  }

  private mutating func event(_ line: [UInt8]) throws(InvalidEntry) -> EventDraft? {
    let bytes = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
    guard let line = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    let plain = PlainText(line)
    if plain.differs { changedLines += 1 }
    return plain.text.isBlank ? nil : try draft(plain.text)
  }
}

extension String {
  fileprivate var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
