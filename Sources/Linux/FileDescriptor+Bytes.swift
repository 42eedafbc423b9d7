public import SystemPackage

extension FileDescriptor {
  /// Reads what is there, and waits until there is something.
  ///
  /// - Parameter buffer: takes as much as fits.
  /// - Returns: how many bytes were read; 0 at the end.
  /// - Throws: when it cannot be read.
  public func read(into buffer: inout [UInt8]) throws(SystemCallError) -> Int {
    try systemCall("read") { try buffer.withUnsafeMutableBytes { try read(into: $0) } }
  }

  /// Writes all of some bytes, and waits until they are taken.
  ///
  /// - Parameter bytes: what is written.
  /// - Throws: when it cannot be written; a part may have been.
  public func write(all bytes: [UInt8]) throws(SystemCallError) {
    try systemCall("write") { try writeAll(bytes) }
  }
}
