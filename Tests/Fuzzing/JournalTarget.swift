import EventLog
import EventLogFormats
import Text

/// Checks that entries of the journal are valid events, and that a position is read as it was written.
enum JournalTarget {
  static func test(_ input: [UInt8]) {
    guard let entry = try? JournalEntry(parsing: input) else { return }
    if let draft = try? entry.draft(EventDefaults()) { OTLPTarget.requireValid(draft) }
    var position = JournalPosition()
    require(!position.has(entry.place), "nothing has been read at first")
    position.note(entry.place)
    require(position.has(entry.place), "what was read is known")
    require(JournalPosition(position.text) == position, "a position is read as it was written")
  }
}
