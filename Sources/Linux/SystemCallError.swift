public import SystemPackage

/// A system call that failed.
public struct SystemCallError: Error, CustomStringConvertible {
  /// The call's name.
  public let call: String
  /// The reason why the call failed.
  public let errno: Errno

  /// Makes an error for a call.
  ///
  /// - Parameters:
  ///   - call: the call's name.
  ///   - errno: the reason why it failed.
  public init(_ call: String, _ errno: Errno) {
    self.call = call
    self.errno = errno
  }

  public var description: String { "\(call): \(errno)" }
}
