/// The text of a file. What gzip has compressed is decompressed, and a byte order mark at the beginning is left out.
struct FileText {
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let nextBytes: () throws -> [UInt8]
  private var isAtStart = true
  /// Decompresses the file; nil when it is not compressed.
  private var decoder: GzipDecoder?

  /// - Parameter nextBytes: returns the next bytes of the file, and none at its end.
  init(nextBytes: @escaping () throws -> [UInt8]) {
    self.nextBytes = nextBytes
  }

  /// - Returns: the next part of the text; nothing at its end.
  /// - Throws: `InvalidGzip`, or what `nextBytes` throws.
  mutating func next() throws -> [UInt8] {
    guard isAtStart else { return try nextPart() }
    isAtStart = false
    let first = try Self.atLeast(GzipDecoder.signature.count, nextBytes)
    if first.starts(with: GzipDecoder.signature) {
      var isFirst = true
      decoder = GzipDecoder { [nextBytes] in
        defer { isFirst = false }
        return isFirst ? first : try nextBytes()
      }
    }
    let mark = Self.byteOrderMark
    var rest = decoder == nil ? first : []
    let text = try Self.atLeast(mark.count) {
      defer { rest = [] }
      return try rest.isEmpty ? nextPart() : rest
    }
    guard text.starts(with: mark) else { return text }
    return text.count > mark.count ? Array(text.dropFirst(mark.count)) : try nextPart()
  }

  private func nextPart() throws -> [UInt8] {
    try decoder?.next() ?? nextBytes()
  }

  /// Joins parts until they have a size, or the end has been reached.
  private static func atLeast(_ size: Int, _ next: () throws -> [UInt8]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < size, case let part = try next(), !part.isEmpty { bytes += part }
    return bytes
  }
}
