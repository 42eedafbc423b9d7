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
  private static let minimumDigits = 3

  public var description: String {
    let digits = String(number)
    return Self.prefix + String(repeating: "0", count: max(0, Self.minimumDigits - digits.count)) + digits
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
