/// Writes the fields of a message in the binary format of Protocol Buffers.
struct ProtobufMessage {
  private(set) var bytes: [UInt8] = []

  mutating func integer(_ number: UInt64, _ integer: UInt64) {
    varint(number << 3)
    varint(integer)
  }

  mutating func fixed(_ number: UInt64, _ integer: UInt64) {
    varint(number << 3 | 1)
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: integer >> (8 * $0)) }
  }

  mutating func fixed32(_ number: UInt64, _ integer: UInt32) {
    varint(number << 3 | 5)
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: integer >> (8 * $0)) }
  }

  mutating func bytes(_ number: UInt64, _ content: [UInt8]) {
    varint(number << 3 | 2)
    varint(UInt64(content.count))
    bytes += content
  }

  mutating func text(_ number: UInt64, _ text: String) { bytes(number, Array(text.utf8)) }

  mutating func message(_ number: UInt64, _ body: (inout ProtobufMessage) -> Void) {
    var message = ProtobufMessage()
    body(&message)
    bytes(number, message.bytes)
  }

  mutating func attribute(_ number: UInt64, _ name: String, _ value: (inout ProtobufMessage) -> Void) {
    message(number) {
      $0.text(1, name)
      $0.message(2, value)
    }
  }

  private mutating func varint(_ integer: UInt64) {
    var rest = integer
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
