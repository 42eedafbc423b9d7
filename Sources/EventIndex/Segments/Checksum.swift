/// Tells bytes that were changed by accident from those that were written. It does not protect against forgery.
enum Checksum {
  /// The size of a checksum in bytes.
  static let size = 8

  /// Computes the checksum of bytes.
  ///
  /// Eight bytes at a time are mixed into the sum by a step that can be reversed, so a change within one such group always
  /// changes the sum, and any other does so but by chance.
  ///
  /// - Parameters:
  ///   - bytes: the bytes.
  ///   - seed: says where the bytes belong, so that they are not valid in any other place.
  /// - Returns: the checksum.
  static func of(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
    let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
    var sum = (seed ^ UInt64(bytes.count)) &* multiplier
    let raw = UnsafeRawBufferPointer(bytes)
    var offset = 0
    while offset + 8 <= raw.count {
      sum =
        (sum ^ UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))) &* multiplier
      sum ^= sum >> 29
      offset += 8
    }
    for byte in raw[offset...] {
      sum = (sum ^ UInt64(byte)) &* multiplier
      sum ^= sum >> 29
    }
    return sum
  }

  /// Puts the checksum in front of bytes.
  static func sealing(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
    var sealed: [UInt8] = []
    sealed.reserveCapacity(size + bytes.count)
    let sum = bytes.withUnsafeBufferPointer { of($0, seed: seed) }
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      sealed.append(UInt8(truncatingIfNeeded: sum >> shift))
    }
    sealed += bytes
    return sealed
  }

  /// Checks bytes that a checksum precedes.
  ///
  /// - Parameters:
  ///   - sealed: the checksum and the bytes.
  ///   - seed: the seed with which they were written.
  /// - Throws: `IndexDamage` when the checksum does not fit.
  static func check(_ sealed: [UInt8], seed: UInt64) throws(IndexDamage) {
    guard sealed.count >= size else { throw IndexDamage("a part of the index is missing") }
    let isValid = sealed.withUnsafeBufferPointer { sealed in
      let sum = UnsafeRawBufferPointer(sealed).loadUnaligned(as: UInt64.self)
      return of(UnsafeBufferPointer(rebasing: sealed[size...]), seed: seed) == UInt64(littleEndian: sum)
    }
    if !isValid { throw IndexDamage("a part of the index was changed") }
  }
}
