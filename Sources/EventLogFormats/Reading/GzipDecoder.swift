import CZlib

/// Decompresses gzip data (RFC 1952) that arrives in parts, in constant memory. Several members in a row are one text,
/// as section 2.2 says.
final class GzipDecoder {
  /// The first bytes of every member.
  static let signature: [UInt8] = [0x1F, 0x8B]

  /// The maximum size of a part of the text, in bytes.
  private static let partSize = 1 << 18
  /// zlib's largest window, and its flag for data with a gzip header and trailer.
  private static let windowBits: Int32 = 15 + 16

  private let nextBytes: () throws -> [UInt8]
  /// zlib remembers the address of its stream, so the stream must not move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  /// The compressed bytes that have been read and not yet decompressed.
  private var input: ArraySlice<UInt8> = []
  /// Whether zlib may hold text for which there was no room.
  private var hasMore = false
  private var isInMember = false
  private var memberCount = 0
  /// What is wrong with the data after the text that was returned last.
  private var failure: InvalidGzip?

  /// - Parameter nextBytes: returns the next bytes of the compressed data, and none at its end.
  init(nextBytes: @escaping () throws -> [UInt8]) {
    self.nextBytes = nextBytes
    stream.initialize(to: z_stream())
    let result = inflateInit2_(
      stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(result == Z_OK, "zlib cannot be used")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// - Returns: the next part of the text; nothing at its end.
  /// - Throws: `InvalidGzip`, or what `nextBytes` throws.
  func next() throws -> [UInt8] {
    while true {
      if let failure { throw failure }
      if input.isEmpty, !hasMore {
        input = try nextBytes()[...]
        if input.isEmpty {
          if isInMember || memberCount == 0 { throw InvalidGzip.isCut }
          return []
        }
      }
      if !isInMember { try startMember() }
      let text = decompress()
      if !text.isEmpty { return text }
    }
  }

  private func startMember() throws(InvalidGzip) {
    if memberCount > 0, input.first != Self.signature.first { throw .hasMoreAfterItsEnd }
    inflateReset(stream)
    memberCount += 1
    isInMember = true
  }

  /// Decompresses as much of the input as there is room for.
  private func decompress() -> [UInt8] {
    var result = Z_OK
    var rest = 0
    let text = [UInt8](unsafeUninitializedCapacity: Self.partSize) { buffer, count in
      (result, rest) = input.withUnsafeBufferPointer { bytes in
        // zlib does not write to its input, although the member's type would allow it.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
        stream.pointee.avail_in = UInt32(bytes.count)
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(buffer.count)
        return (inflate(stream, Z_NO_FLUSH), Int(stream.pointee.avail_in))
      }
      count = buffer.count - Int(stream.pointee.avail_out)
    }
    input = input.suffix(rest)
    hasMore = text.count == Self.partSize && result == Z_OK
    switch result {
    case Z_STREAM_END: isInMember = false
    // There was nothing to do, which is no error.
    case Z_OK, Z_BUF_ERROR: break
    default: failure = memberCount > 1 && stream.pointee.total_out == 0 ? .hasMoreAfterItsEnd : .isDamaged
    }
    return text
  }
}
