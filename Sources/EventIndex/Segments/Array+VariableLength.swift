// Numbers of variable length: seven bits a byte, the lowest first; the highest bit says that another byte follows.

extension Array<UInt8> {
  @inline(__always)
  mutating func appendVariableLength(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends a number that may be negative: its sign is in the lowest bit.
  mutating func appendVariableLength(signed number: Int64) {
    appendVariableLength(UInt64(bitPattern: number << 1 ^ number >> 63))
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Reads a number.
  ///
  /// - Parameter offset: where it starts; is moved behind it.
  /// - Returns: the number.
  /// - Throws: `IndexDamage` when the bytes end before the number does.
  @inline(__always)
  func variableLength(at offset: inout Int) throws(IndexDamage) -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while offset < count, shift < 64 {
      let byte = self[offset]
      offset += 1
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    throw IndexDamage("a number in the index ends early")
  }

  func signedVariableLength(at offset: inout Int) throws(IndexDamage) -> Int64 {
    let number = try variableLength(at: &offset)
    return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
  }
}
