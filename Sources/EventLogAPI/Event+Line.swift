import EventLog

extension Event {
  /// The usual total size of the member names, the timestamp and the other short members, in bytes.
  private static let usualSizeOfTheRest = 256

  /// The event as one line of JSON, with the line feed, as a response has it.
  var line: [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(draft.size + Self.usualSizeOfTheRest)
    line.appendJSON(self)
    line.append(UInt8(ascii: "\n"))
    return line
  }
}
