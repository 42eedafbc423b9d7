import Glibc

/// A system call that failed.
public struct SystemError: Error, CustomStringConvertible {
  /// The call's name.
  public let call: String
  /// `errno` after the call.
  public let code: Int32

  /// Takes `errno` as the failed call left it.
  init(_ call: String) {
    self.call = call
    code = errno
  }

  public var description: String {
    "\(call): \(String(cString: strerror(code)))"
  }
}
