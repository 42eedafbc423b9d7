import EventLogFormats

/// Checks that content is decompressed to the same bytes whatever the limit is, and to nothing that is beyond it.
enum GzipTarget {
  private static let maximumSize = 1 << 18

  static func test(_ input: [UInt8]) {
    guard let content = try? Gzip.decompress(input, maximumSize: maximumSize) else { return }
    require(content.count <= maximumSize, "content is not larger than it may be")
    require(
      (try? Gzip.decompress(input, maximumSize: content.count)) == content,
      "content that just fits is the same")
    if !content.isEmpty {
      require(
        (try? Gzip.decompress(input, maximumSize: content.count - 1)) == .some(nil),
        "content that does not fit is told apart from content that is damaged")
    }
  }
}
