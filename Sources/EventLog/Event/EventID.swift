/// The identity of an event, and its place in the log.
///
/// Written `evt_001`: `evt_` and a positive integer in decimal with at least three digits. Ids are given in
/// the order in which events are recorded and are never used twice; they compare as integers, never as text.
public struct EventID: Hashable, Comparable, Sendable {
  /// A positive integer of at most 18 digits: the next one can always be counted to.
  public let number: Int64

  /// - Returns: nil when `number` is not positive, or has more than 18 digits.
  public init?(_ number: Int64) {
    guard (1..<1_000_000_000_000_000_000).contains(number) else { return nil }
    self.number = number
  }

  public static func < (left: EventID, right: EventID) -> Bool {
    left.number < right.number
  }
}

extension EventID: LosslessStringConvertible {
  private static let prefix = "evt_"
  /// Bytes of the longest description.
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

  /// Reads the one spelling that `description` gives: `evt_7` and `evt_0007` are not ids.
  public init?(_ description: String) {
    guard description.hasPrefix(Self.prefix),
      let number = Int64(description.dropFirst(Self.prefix.count)),
      let id = EventID(number), id.description == description
    else { return nil }
    self = id
  }
}
