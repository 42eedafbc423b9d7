/// Eight bytes of a text at once. The functions set the highest bit of each byte for which a condition holds. They may also
/// set that of bytes above such a byte, so they tell whether there is any.
extension UInt64 {
  /// Subtracting a limit from a byte borrows from the byte's highest bit when the byte is below the limit.
  @inline(__always)
  func bytes(below limit: UInt64) -> UInt64 {
    (self &- limit &* 0x0101_0101_0101_0101) & ~self & 0x8080_8080_8080_8080
  }

  @inline(__always)
  func bytes(equalTo byte: UInt8) -> UInt64 {
    (self ^ (0x0101_0101_0101_0101 &* UInt64(byte))).bytes(below: 1)
  }
}
