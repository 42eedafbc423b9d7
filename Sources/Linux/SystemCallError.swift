public import SystemPackage

/// A system call that failed.
public struct SystemCallError: Error, CustomStringConvertible {
  /// The call's name.
  public let call: String
  /// Why it failed.
  public let errno: Errno

  /// - Parameters:
  ///   - call: its name.
  ///   - errno: why it failed.
  public init(_ call: String, _ errno: Errno) {
    self.call = call
    self.errno = errno
  }

  public var description: String { "\(call): \(errno)" }
}
