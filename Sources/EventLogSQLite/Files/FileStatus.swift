import Glibc

/// A file as the system describes it.
struct FileStatus: Equatable {
  let identity: FileIdentity
  /// The time of the last change of the file's status, or of a folder's entries, in nanoseconds since 1970.
  let changed: Int64
  /// The size in bytes.
  let size: Int

  /// Looks at the file that is at a path now; symbolic links are followed.
  ///
  /// - Returns: nil when there is none, or when it cannot be seen.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    identity = FileIdentity(device: status.st_dev, inode: status.st_ino)
    changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    size = Int(status.st_size)
  }
}
