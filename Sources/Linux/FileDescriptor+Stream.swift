import CLinux
import Glibc
public import SystemPackage

extension FileDescriptor {
  /// The number of symbolic links that the system follows in one path.
  private static let maximumLinks = 40

  /// Opens a path that names a stream and not a file: a descriptor that this process already has (`/dev/stdout`,
  /// `/dev/fd/3`), a pipe, or a character device. What is written there follows what is there already.
  ///
  /// - Parameter path: the path.
  /// - Returns: a descriptor that the caller closes; nil when the path names something else, or nothing.
  /// - Throws: `SystemCallError` when the stream cannot be opened.
  public static func stream(at path: FilePath) throws(SystemCallError) -> FileDescriptor? {
    if let own = own(at: path) { return try systemCall("dup") { try own.duplicate() } }
    guard let type = try? Stat(path).type, type == .fifo || type == .characterSpecial else { return nil }
    return try systemCall("open") { try open(path, .writeOnly, options: .closeOnExec) }
  }

  /// Finds the descriptor of this process that a path names, perhaps through symbolic links.
  private static func own(at path: FilePath) -> FileDescriptor? {
    let descriptors = FilePath("/proc/\(getpid())/fd")
    var path = path
    for _ in 0..<maximumLinks {
      if path.folder.resolvingLinks == descriptors {
        return path.lastComponent.flatMap { Int32($0.string) }.map(FileDescriptor.init(rawValue:))
      }
      guard let target = path.linkTarget else { return nil }
      path = path.folder.pushing(target)
    }
    return nil
  }
}
