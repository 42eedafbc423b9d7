import Glibc
public import SystemPackage

/// Tells when files in some folders are made, removed, renamed, written to or closed: inotify(7).
public final class FolderWatch: Sendable {
  /// The size of the buffer for what has happened, in bytes: some hundred events with usual names.
  private static let bufferSize = 8192
  /// The size of an event before the name, and the offset of the name's size (struct inotify_event), in bytes.
  private static let (headSize, nameSizeOffset) = (16, 12)

  /// The descriptor, which is readable when something has happened. It is closed when the watch is deinitialized.
  public let descriptor: FileDescriptor

  /// - Parameter paths: the paths of the folders.
  /// - Throws: `SystemCallError` if one of them is no folder, or this user has too many watches.
  public init(_ paths: Set<String>) throws(SystemCallError) {
    descriptor = FileDescriptor(
      rawValue: try systemCall("inotify_init1", inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))))
    let ofFiles =
      IN_MODIFY | IN_CLOSE_NOWRITE | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO
    let ofFolder = IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
    do throws(SystemCallError) {
      for path in paths {
        try systemCall(
          "inotify_add_watch",
          inotify_add_watch(descriptor.rawValue, path, UInt32(ofFiles) | UInt32(ofFolder)))
      }
    } catch {
      try? descriptor.close()
      throw error
    }
  }

  deinit {
    try? descriptor.close()
  }

  /// Takes what has happened since the last call, or as much of it as fits into the buffer.
  ///
  /// - Parameter names: the names of the files that matter.
  /// - Returns: whether something has happened to one of them or to a folder, or so much that it is not known.
  public func takeChanges(of names: Set<String>) -> Bool {
    var buffer = [UInt8](repeating: 0, count: Self.bufferSize)
    let size = max(0, read(descriptor.rawValue, &buffer, buffer.count))
    var rest = buffer[..<size]
    var hasChanged = false
    while rest.count >= Self.headSize {
      let nameSize = rest.withUnsafeBytes {
        Int($0.loadUnaligned(fromByteOffset: Self.nameSizeOffset, as: UInt32.self))
      }
      let name = rest.dropFirst(Self.headSize).prefix(nameSize).prefix { $0 != 0 }
      if name.isEmpty || names.contains(String(decoding: name, as: UTF8.self)) { hasChanged = true }
      rest = rest.dropFirst(Self.headSize + nameSize)
    }
    return hasChanged
  }
}
