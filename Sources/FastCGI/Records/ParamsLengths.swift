/// Checks the lengths that the params stream announces (FastCGI specification 1.0, section 3.4).
///
/// libfcgi 2.4.2 allocates as much memory as they announce, and ends the process if it cannot.
struct ParamsLengths {
  /// The maximum size of all names, values and lengths together, in bytes; nginx sends at most 65,535.
  private static let maximum = 1 << 20

  private var total = 0
  /// The number of bytes of a name and its value that have not arrived yet.
  private var rest = 0
  /// The name's length in bytes, once it is known.
  private var nameLength: Int?
  /// A length of up to four bytes, of which `missing` have not arrived yet.
  private var length = 0
  private var missing = 0

  /// Reads the next part of the stream.
  ///
  /// - Parameter content: the next part of the stream.
  /// - Returns: false if the stream announces more than any web server sends.
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
      // The highest bit distinguishes a four-byte length from a one-byte length.
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
