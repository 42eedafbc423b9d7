import CLinux
import Glibc
public import SystemPackage

/// A program that runs beside this one, and whose standard output this one reads. It is stopped when this value's
/// lifetime ends.
public final class ChildProcess {
  /// The end of the pipe from which the program's standard output is read.
  public let output: FileDescriptor
  private let id: pid_t
  private var status: Int32?

  /// Starts a program without input.
  ///
  /// - Parameter command: the program's name, which is looked for in `PATH`, and its arguments.
  /// - Throws: `SystemCallError`, with `Errno.noSuchFileOrDirectory` if there is no such program.
  public init(_ command: [String]) throws(SystemCallError) {
    let arguments = command.map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    var end: Int32 = -1
    id = try systemCall("posix_spawn", linux_spawn(arguments + [nil], &end))
    output = FileDescriptor(rawValue: end)
  }

  deinit {
    try? output.close()
    if status == nil {
      kill(id, SIGTERM)
      _ = wait()
    }
  }

  /// Waits until the program has ended.
  ///
  /// - Returns: the program's exit status; nil if a signal ended it.
  public func wait() -> Int32? {
    var status = self.status ?? 0
    while self.status == nil, waitpid(id, &status, 0) < 0, errno == EINTR {}
    self.status = status
    return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
  }
}
