/// The lengths in the stream of params (FastCGI specification 1.0, section 3.4).
///
/// libfcgi 2.4.2 allocates what they announce, and ends the process where it cannot.
struct ParamsLengths {
  /// Of all names, values and lengths together, in bytes; nginx sends 65,535.
  private static let maximum = 1 << 20

  private var total = 0
  /// Bytes of a name and its value that are still to come.
  private var rest = 0
  /// Of the name, once it is known.
  private var nameLength: Int?
  /// A length of four bytes, of which `missing` are still to come.
  private var length = 0
  private var missing = 0

  /// - Parameter content: what comes next of the stream.
  /// - Returns: false when more is announced than any web server sends.
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
      if total > Self.maximum { return false }
    }
    return true
  }

  private mutating func read(_ byte: UInt8) {
    total += 1
    if missing > 0 {
      length = length << 8 | Int(byte)
      missing -= 1
    } else {
      // The highest bit tells a length of four bytes from one of one.
      length = Int(byte & 0x7F)
      missing = byte > 0x7F ? 3 : 0
    }
    if missing > 0 { return }
    total += length
    if let name = nameLength {
      rest = name + length
      nameLength = nil
    } else {
      nameLength = length
    }
  }
}
