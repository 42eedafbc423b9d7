import Glibc
public import SystemPackage

/// Tells when somebody writes to a file or closes it: inotify(7). Whoever wants to be noticed without changing anything opens
/// the file and closes it.
public final class FileWatch: Sendable {
  /// The descriptor, which is readable when something has happened. It is closed when the watch is deinitialized.
  public let descriptor: FileDescriptor

  /// - Parameter path: the path of the file, which must exist.
  /// - Throws: `SystemCallError` if the file does not exist, or this user has too many watches.
  public init(_ path: String) throws(SystemCallError) {
    descriptor = FileDescriptor(
      rawValue: try systemCall("inotify_init1", inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))))
    let mask = UInt32(IN_MODIFY) | UInt32(IN_CLOSE_NOWRITE) | UInt32(IN_CLOSE_WRITE)
    do throws(SystemCallError) {
      try systemCall("inotify_add_watch", inotify_add_watch(descriptor.rawValue, path, mask))
    } catch {
      try? descriptor.close()
      throw error
    }
  }

  deinit {
    try? descriptor.close()
  }

  /// Waits until something has happened.
  ///
  /// - Parameters:
  ///   - flag: a flag that ends the wait.
  ///   - milliseconds: the longest wait; nil waits for any time.
  /// - Returns: whether something has happened.
  public func wait(orSet flag: ReadableFlag, milliseconds: Int?) -> Bool {
    var descriptors = [
      pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0),
      pollfd(fd: flag.descriptor.rawValue, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&descriptors, 2, Int32(milliseconds ?? -1)) > 0, descriptors[0].revents != 0 else {
      return false
    }
    // What has happened is not looked at.
    var buffer = [UInt8](repeating: 0, count: 4096)
    while read(descriptor.rawValue, &buffer, buffer.count) == buffer.count {}
    return true
  }

  /// Makes those who watch a file notice something, without changing it.
  public static func touch(_ path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 { Glibc.close(descriptor) }
  }
}
