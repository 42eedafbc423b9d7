import Glibc

/// What events can be found by: a short string of bytes, whose first byte says which field the rest belongs to.
///
/// Terms are ordered by their bytes, so all terms of a field are next to each other, and so are all trigrams that start
/// with the same letters.
public struct Term: Hashable, Sendable {
  /// What a term says about an event. The values are stored, so they must never change.
  public enum Field: UInt8, Sendable {
    /// Three adjacent bytes of the event's texts (`Trigrams`).
    case text = 1
    case type = 2
    case source = 3
    case userID = 4
    case requestID = 5
    case tag = 6
    /// The path and the value of a leaf of `data`.
    case data = 7
    /// What the index does not know about the event (`Omission`).
    case omission = 8
  }

  /// What the terms of an event leave out, because it would be too much. Such events have to be read to find out.
  public enum Omission: UInt8, Sendable {
    /// The trigrams of the texts.
    case trigrams = 1
    /// Some of the leaves of `data`.
    case leaves = 2
  }

  /// The longest term in bytes. A longer one is cut, and one of this size says only that an event may match. Every source, user, request
  /// and tag is shorter.
  public static let maximumSize = 1024

  public let bytes: [UInt8]
  /// Whether all of the value is in the term.
  public let isWhole: Bool

  /// - Parameters:
  ///   - field: what the term says about an event.
  ///   - value: the bytes of the value.
  public init(_ field: Field, _ value: some Sequence<UInt8>) {
    var bytes = [field.rawValue]
    bytes.append(contentsOf: value)
    isWhole = bytes.count < Self.maximumSize
    self.bytes = isWhole ? bytes : Array(bytes.prefix(Self.maximumSize))
  }

  init(_ omission: Omission) {
    self.init(.omission, [omission.rawValue])
  }
}

/// Compares two terms by their bytes.
///
/// - Returns: a negative number when the first one comes before the second, 0 when they are equal, else a positive number.
@inline(__always)
func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
  let count = min(left.count, right.count)
  if count > 0, let left = left.baseAddress, let right = right.baseAddress {
    let order = memcmp(left, right, count)
    if order != 0 { return Int(order) }
  }
  return left.count - right.count
}
