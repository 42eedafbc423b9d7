/// Reads the fields of a message in the binary format of Protocol Buffers (protobuf.dev/programming-guides/encoding).
struct ProtobufReader {
  /// The value of a field, by its wire type.
  enum Value {
    case integer(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    /// Bytes, a string, or a message.
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  /// - Parameter message: the message.
  init(_ message: ArraySlice<UInt8>) {
    rest = message
  }

  /// Reads the next field.
  ///
  /// - Returns: the field's number and value; nil at the end of the message.
  /// - Throws: `InvalidOTLP` when the bytes are not a message.
  mutating func next() throws(InvalidOTLP) -> (number: UInt64, value: Value)? {
    if rest.isEmpty { return nil }
    let key = try integer()
    let number = key >> 3
    guard number > 0 else { throw .malformed("a field has the number 0") }
    switch key & 7 {
    case 0: return (number, .integer(try integer()))
    case 1: return (number, .fixed64(try fixed(8)))
    case 2:
      let size = try integer()
      guard size <= UInt64(rest.count) else { throw .malformed("a field is longer than its message") }
      return (number, .bytes(take(Int(size))))
    case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
    default: throw .malformed("a field has an unknown wire type")
    }
  }

  private mutating func take(_ count: Int) -> ArraySlice<UInt8> {
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  private mutating func fixed(_ count: Int) throws(InvalidOTLP) -> UInt64 {
    guard rest.count >= count else { throw .malformed("a field ends early") }
    return take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Reads a base-128 varint.
  private mutating func integer() throws(InvalidOTLP) -> UInt64 {
    var integer: UInt64 = 0
    var shift: UInt64 = 0
    while let byte = rest.popFirst() {
      integer |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return integer }
      shift += 7
      guard shift < 64 else { throw .malformed("a number has more than ten bytes") }
    }
    throw .malformed("a number ends early")
  }
}
