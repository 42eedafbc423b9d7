import CZlib
import EventLogFormats
import Testing

/// Tests that compressed files are read, and only whole ones.
struct CompressedFileTests {
  private static let line = #"{"type":"info","source":"s","message":"m"}"# + "\n"

  @Test(arguments: [1, 3, 1 << 18])
  func areRead(partSize: Int) throws {
    #expect(try Self.count(Self.gzip(Self.line + Self.line), partSize: partSize) == 2)
    #expect(try Self.count(Self.gzip("\u{FEFF}" + Self.line), partSize: partSize) == 1)
    #expect(try Self.count(Self.gzip(""), partSize: partSize) == 0)
  }

  @Test(arguments: [1, 3, 1 << 18])
  func areOneTextWhenTheyHaveSeveralMembers(partSize: Int) throws {
    let (start, end) = (Self.line.prefix(10), Self.line.dropFirst(10))
    let members = Self.gzip(String(start)) + Self.gzip("") + Self.gzip(String(end)) + Self.gzip(Self.line)
    #expect(try Self.count(members, partSize: partSize) == 2)
  }

  /// A small part of a file may be a large part of the text.
  @Test func areReadInSmallParts() throws {
    let text = String(repeating: Self.line, count: 20_000)
    let file = Self.gzip(text)
    #expect(file.count < 10_000)
    #expect(try Self.count(file, partSize: file.count) == 20_000)
  }

  @Test(arguments: [1, 3, 1 << 18])
  func areRefusedWhenTheEndIsMissing(partSize: Int) {
    let file = Self.gzip(Self.line)
    for size in [2, 9, 11, file.count - 9, file.count - 8, file.count - 1] {
      Self.expect(.isCut, Array(file.prefix(size)), partSize: partSize)
    }
    Self.expect(.isCut, file + file.prefix(5), partSize: partSize)
  }

  @Test(arguments: [1, 3, 1 << 18])
  func areRefusedWhenThereIsMoreAfterTheEnd(partSize: Int) {
    for more in [[0], [0x1F, 0], Array(Self.line.utf8), [UInt8](repeating: 0, count: 512)] {
      Self.expect(.hasMoreAfterItsEnd, Self.gzip(Self.line) + more, partSize: partSize)
    }
  }

  @Test func areRefusedWhenTheyAreDamaged() {
    let file = Self.gzip(Self.line)
    var wrongChecksum = file
    wrongChecksum[file.count - 8] ^= 1
    var wrongText = file
    wrongText[20] ^= 0xFF
    for damaged in [wrongChecksum, wrongText, [0x1F, 0x8B, 1, 2, 3]] {
      Self.expect(.isDamaged, damaged, partSize: 100)
    }
  }

  /// What is read before the damage is the same whatever the size of the parts.
  @Test(arguments: [1, 5, 1 << 18])
  func areReadUpToTheDamage(partSize: Int) throws {
    var rest = (Self.gzip(Self.line) + Self.gzip(Self.line) + [0])[...]
    var reader = EventFileReader {
      defer { rest = rest.dropFirst(partSize) }
      return Array(rest.prefix(partSize))
    }
    for _ in 1...2 { #expect(try reader.next() != nil) }
    #expect(throws: InvalidGzip.hasMoreAfterItsEnd) { try reader.next() }
  }

  private static func expect(_ error: InvalidGzip, _ file: [UInt8], partSize: Int) {
    #expect(throws: error) { try count(file, partSize: partSize) }
  }

  /// Returns the number of events in a file.
  private static func count(_ file: [UInt8], partSize: Int) throws -> Int {
    var rest = file[...]
    var reader = EventFileReader {
      defer { rest = rest.dropFirst(partSize) }
      return Array(rest.prefix(partSize))
    }
    var count = 0
    while let entry = try reader.next() {
      if case .success = entry.content { count += 1 }
    }
    return count
  }

  private static func gzip(_ text: String) -> [UInt8] {
    var bytes = Array(text.utf8)
    var stream = z_stream()
    deflateInit2_(
      &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    var compressed = [UInt8](repeating: 0, count: bytes.count + 100)
    let size = bytes.withUnsafeMutableBufferPointer { input in
      compressed.withUnsafeMutableBufferPointer { output in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        deflate(&stream, Z_FINISH)
        return Int(stream.total_out)
      }
    }
    deflateEnd(&stream)
    return Array(compressed.prefix(size))
  }
}
