/// The bytes of a record as they arrive. When there are more of them than any event needs, none are kept.
struct BoundedBytes: Sendable {
  /// A size that no event exceeds in any format, in bytes.
  static let maximumSize = 4 << 20

  private(set) var bytes: [UInt8] = []
  private(set) var isTooLong = false

  var isEmpty: Bool { bytes.isEmpty && !isTooLong }

  mutating func append(_ more: ArraySlice<UInt8>) {
    if isTooLong { return }
    bytes += more
    if bytes.count > Self.maximumSize {
      isTooLong = true
      bytes = []
    }
  }

  /// Returns the bytes, or the error that there are too many of them, and starts over.
  mutating func take() -> Result<[UInt8], InvalidEntry> {
    defer { self = BoundedBytes() }
    return isTooLong ? .failure(.tooLong) : .success(bytes)
  }
}
