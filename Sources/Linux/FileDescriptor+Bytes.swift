public import SystemPackage

extension FileDescriptor {
  /// Reads the available bytes, and waits if none are available.
  ///
  /// - Parameter buffer: receives as many bytes as fit.
  /// - Returns: the number of bytes read; 0 at the end.
  /// - Throws: `SystemCallError` if the descriptor cannot be read.
  public func read(into buffer: inout [UInt8]) throws(SystemCallError) -> Int {
    try systemCall("read") { try buffer.withUnsafeMutableBytes { try read(into: $0) } }
  }

  /// Writes all bytes, and waits until they have been accepted.
  ///
  /// - Parameter bytes: the bytes to write.
  /// - Throws: `SystemCallError` if they cannot be written; a part of them may have been written.
  public func write(all bytes: [UInt8]) throws(SystemCallError) {
    try systemCall("write") { try writeAll(bytes) }
  }
}
