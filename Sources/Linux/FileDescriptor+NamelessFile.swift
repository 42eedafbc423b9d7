import CLinux
import Glibc
public import SystemPackage

extension FileDescriptor {
  /// Creates a file in memory.
  ///
  /// - Parameter name: a name that identifies the file to those who inspect the process from outside.
  /// - Returns: the file, open for reading and writing.
  /// - Throws: `SystemCallError` if no descriptor or no memory is available.
  public static func memoryFile(named name: String) throws(SystemCallError) -> FileDescriptor {
    FileDescriptor(rawValue: try systemCall("memfd_create", linux_memory_file(name)))
  }

  /// Creates a file without a name on disk, in `TMPDIR` or `/tmp`. It disappears when it is closed.
  ///
  /// - Returns: the file, open for reading and writing by this process only.
  /// - Throws: `SystemCallError` if the file cannot be created.
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
