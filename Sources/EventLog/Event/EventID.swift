public import Text

/// The identity of an event, and its place in the log.
///
/// It is written `evt_001`: `evt_` followed by a positive integer in decimal with at least three digits. Ids are
/// assigned in the order in which events are recorded and are never reused; they compare as integers, never as text.
public struct EventID: Hashable, Comparable, Sendable {
  /// A positive integer of at most 18 digits, so that its successor never overflows.
  public let number: Int64

  /// Creates an id from its number. The result is nil when the number is not positive or has more than 18 digits.
  ///
  /// - Parameter number: the number.
  public init?(_ number: Int64) {
    guard (1..<1_000_000_000_000_000_000).contains(number) else { return nil }
    self.number = number
  }

  /// The first number that an imported event may not have: beyond it, a log would have too little room for the events
  /// that follow.
  private static let importLimit: Int64 = 1_000_000_000_000_000

  /// Whether the number is low enough for an imported event, so that the log never runs out of numbers above it.
  public var leavesRoom: Bool { number < Self.importLimit }

  public static func < (left: EventID, right: EventID) -> Bool {
    left.number < right.number
  }
}

extension EventID: LosslessStringConvertible {
  private static let prefix = "evt_"
  /// The size of the longest description in bytes.
  private static let maximumTextSize = 22

  public var description: String {
    var text: [UInt8] = []
    append(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends `description` in UTF-8.
  public func append(to text: inout [UInt8]) {
    text.append(contentsOf: Self.prefix.utf8)
    text.append(addingCapacity: Self.maximumTextSize) { text in
      if number < 100 { text.append("0") }
      if number < 10 { text.append("0") }
      text.appendDecimal(UInt64(number))
    }
  }

  /// Reads an id in the only spelling that `description` produces: `evt_7` and `evt_0007` are not ids.
  public init?(_ description: String) {
    self.init(Text(description))
  }

  /// Reads an id in the same way from any text.
  public init?(_ text: Text) {
    guard text.size <= Self.maximumTextSize, let digits = text.dropping(prefix: "evt_"),
      let number = Int64(digits.string), let id = EventID(number), Text(id.description) == text
    else { return nil }
    self = id
  }
}
