/// The 64-bit hash function FNV-1a. It guards against mistakes, but not against forgery.
public struct FNV1a: Sendable {
  private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  public init() {}

  public mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  /// The digest of all bytes that were added, in letters and digits.
  public var text: String { String(hash, radix: 36) }
}
