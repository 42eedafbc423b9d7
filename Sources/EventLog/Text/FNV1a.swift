/// The hash function FNV-1a with 64 bits. It protects against mistakes, not against forgery.
public struct FNV1a: Sendable {
  private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The digest of everything that was added.
  public var value: UInt64 { hash }

  public init() {}

  public mutating func add(_ bytes: Span<UInt8>) {
    for index in bytes.indices { add(bytes[index]) }
  }

  public mutating func add(_ number: UInt64) {
    for shift in stride(from: 56, through: 0, by: -8) { add(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  mutating func add(_ byte: UInt8) {
    hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }

  /// The digest of everything that was added, in letters and digits.
  public var text: String { String(hash, radix: 36) }
}
