public import Text

/// How far a reader of the systemd journal has come.
///
/// An entry has a number in the stream that it was written to. There is a new stream whenever a journal begins anew. The entries
/// of a stream come in the order of their numbers, so what has been read of each stream is told by one number.
public struct JournalPosition: Equatable, Sendable {
  /// The most streams that are remembered. Journals that were removed have no entries any more.
  private static let maximumCount = 8

  /// The streams in the order in which they were last read, each with the number of its last entry.
  private var streams: [(id: Text, number: UInt64)] = []

  public init() {}

  /// Reads a position as `text` has it; the result is nil when the text is not one.
  public init?(_ text: Text) {
    for part in text.split(separator: " ") where !part.isEmpty {
      let pair = part.split(separator: "=")
      guard pair.count == 2, let number = UInt64(pair[1].string, radix: 16) else { return nil }
      streams.append((pair[0], number))
    }
  }

  /// The position as a text of letters, digits, spaces and equals signs.
  public var text: Text {
    Text(streams.map { "\($0.id)=\(String($0.number, radix: 16))" }.joined(separator: " "))
  }

  /// Returns whether an entry has been read.
  public func has(_ place: JournalPlace) -> Bool {
    streams.contains { $0.id == place.stream && $0.number >= place.number }
  }

  /// Notes that an entry has been read.
  public mutating func note(_ place: JournalPlace) {
    if has(place) { return }
    streams.removeAll { $0.id == place.stream }
    streams.append((place.stream, place.number))
    if streams.count > Self.maximumCount { streams.removeFirst() }
  }

  public static func == (left: JournalPosition, right: JournalPosition) -> Bool { left.text == right.text }
}

/// The place of an entry in the journal: its stream, and its number there (systemd.journal-fields, `__SEQNUM`).
public struct JournalPlace: Hashable, Sendable {
  public let stream: Text
  public let number: UInt64

  /// Finds the place in a cursor, which has the stream as `s` and the number as `i`; the result is nil when it has none.
  public init?(cursor: Text) {
    var (stream, number): (Text?, UInt64?)
    for part in cursor.split(separator: ";") {
      if let id = part.dropping(prefix: "s=") { stream = id }
      if let digits = part.dropping(prefix: "i=") { number = UInt64(digits.string, radix: 16) }
    }
    guard let stream, !stream.isEmpty, stream.utf8.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: "=") }),
      let number
    else { return nil }
    self.stream = stream
    self.number = number
  }
}
