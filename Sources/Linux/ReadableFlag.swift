import CLinux
import Glibc
public import SystemPackage

/// A flag with a descriptor that is readable while the flag is set: eventfd(2).
public final class ReadableFlag: Sendable {
  /// The flag's descriptor, which is closed when the flag is deinitialized.
  public let descriptor: FileDescriptor

  /// Makes a flag that is not set.
  ///
  /// - Throws: `SystemCallError` if the system has no more descriptors.
  public init() throws(SystemCallError) {
    descriptor = FileDescriptor(
      rawValue: try systemCall("eventfd", eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))))
  }

  deinit {
    try? descriptor.close()
  }

  /// Waits until the flag is set.
  ///
  /// - Parameter milliseconds: the longest wait.
  /// - Returns: whether the flag is set.
  public func isSet(within milliseconds: Int) -> Bool {
    var waiting = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, Int32(milliseconds)) > 0
  }

  public func set() {
    _ = eventfd_write(descriptor.rawValue, 1)
  }

  public func clear() {
    var count: eventfd_t = 0
    _ = eventfd_read(descriptor.rawValue, &count)
  }
}
