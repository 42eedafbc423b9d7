import CLinux
import Glibc
public import SystemPackage

extension FileDescriptor {
  /// Makes a file in memory.
  ///
  /// - Parameter name: tells it apart for who looks at the process from outside.
  /// - Returns: the file, to be read and written.
  /// - Throws: when there is no descriptor or no memory for it.
  public static func memoryFile(named name: String) throws(SystemCallError) -> FileDescriptor {
    FileDescriptor(rawValue: try systemCall("memfd_create", linux_memory_file(name)))
  }

  /// Makes a file on disk that has no name, in `TMPDIR` or `/tmp`. It is gone when it is closed.
  ///
  /// - Returns: the file, to be read and written by this process alone.
  /// - Throws: when it cannot be made.
  public static func temporaryFile() throws(SystemCallError) -> FileDescriptor {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let path = FilePath(folder).appending("eventlog-\(UInt64.random(in: .min ... .max))")
    let file = try systemCall("open") {
      try open(
        path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
    }
    unlink(path.string)
    return file
  }
}
