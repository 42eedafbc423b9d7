/// The lengths in the stream of params (FastCGI specification 1.0, section 3.4), looked at in
/// what of a request has arrived when it is first looked at.
///
/// libfcgi 2.4.2 allocates what they announce, and ends the process where it cannot.
struct ParamsLengths {
  /// Of a name and its value together, in bytes; nginx sends 65,535 in all.
  private static let maximum = 1 << 20

  /// Bytes of a name and its value that are still to come.
  private var rest = 0
  /// Of the name, once it is known.
  private var size = 0
  private var isNameKnown = false
  /// A length of four bytes, of which `missing` are still to come.
  private var length = 0
  private var missing = 0

  /// - Parameter content: of the next record.
  /// - Returns: false when a length is out of all proportion.
  mutating func areSound(in content: ArraySlice<UInt8>) -> Bool {
    var position = content.startIndex
    while position < content.endIndex {
      if rest > 0 {
        let skipped = min(rest, content.endIndex - position)
        rest -= skipped
        position += skipped
        continue
      }
      read(content[position])
      position += 1
      if size > Self.maximum || rest > Self.maximum { return false }
    }
    return true
  }

  private mutating func read(_ byte: UInt8) {
    if missing > 0 {
      length = length << 8 | Int(byte)
      missing -= 1
    } else {
      // The highest bit tells a length of four bytes from one of one.
      length = Int(byte & 0x7F)
      missing = byte > 0x7F ? 3 : 0
    }
    if missing > 0 { return }
    size += length
    if isNameKnown {
      rest = size
      size = 0
    }
    isNameKnown.toggle()
  }
}
