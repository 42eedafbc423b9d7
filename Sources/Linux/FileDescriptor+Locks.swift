import CLinux
public import SystemPackage

extension FileDescriptor {
  /// Tells whether another process has locked a part of the file (fcntl(2)).
  ///
  /// - Parameter bytes: the part of the file, which may be beyond its end.
  /// - Returns: whether any byte of it is locked, for reading or for writing.
  /// - Throws: `SystemCallError` if the system cannot tell.
  public func isLockedByOthers(_ bytes: Range<Int>) throws(SystemCallError) -> Bool {
    try systemCall("fcntl", linux_is_locked(rawValue, bytes.lowerBound, bytes.count)) != 0
  }
}
