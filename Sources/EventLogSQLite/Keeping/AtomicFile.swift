import Foundation

/// A file that takes its name when it is whole and on disk. Until then, and for good where something fails, what had the
/// name keeps it.
public struct AtomicFile: ~Copyable {
  /// Of the file until it is whole: beside its place, and nobody else's. It is there, and empty.
  public let path: String
  /// Writes to the file. It is closed with the value.
  public let descriptor: Int32
  private let destination: String

  /// Makes the file, with the permissions of the log.
  ///
  /// - Parameters:
  ///   - destination: the path that it takes; a regular file that is there is replaced, and a symbolic link followed.
  ///   - log: the path of the log whose events are in the file.
  /// - Throws: `FileError` when it cannot be made, or would take the place of the log, of another one that may be in
  ///   use, or of what is no regular file.
  public init(at destination: String, of log: String) throws(FileError) {
    let destination = Self.resolved(destination)
    try Self.refuse(destination, of: Self.resolved(log))
    var status = stat()
    guard stat(log, &status) == 0 else { throw FileError() }
    let path = "\(destination).unfinished-\(UUID())"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0o666)
    guard descriptor >= 0 else { throw FileError() }
    // Whatever the mask.
    fchmod(descriptor, status.st_mode & 0o666)
    self.path = path
    self.descriptor = descriptor
    self.destination = destination
  }

  deinit {
    close(descriptor)
    // Where it has its name already, there is nothing to be found.
    unlink(path)
  }

  /// Gives the file its name. When this returns, both are on disk.
  ///
  /// - Throws: `FileError`; what had the name keeps it, unless only the name could not be put on disk.
  public consuming func commit() throws(FileError) {
    let folder = URL(filePath: destination).deletingLastPathComponent().path
    guard fsync(descriptor) == 0, rename(path, destination) == 0, Self.synchronize(folder) else {
      throw FileError()
    }
  }

  private static func synchronize(_ folder: String) -> Bool {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return fsync(descriptor) == 0
  }

  private static func refuse(_ destination: String, of log: String) throws(FileError) {
    var file = stat()
    let exists = stat(destination, &file) == 0
    if !exists, lstat(destination, &file) == 0 { throw FileError("it is a symbolic link to nothing") }
    if exists, file.st_mode & S_IFMT != S_IFREG { throw FileError("it is no regular file") }
    for path in ["", "-journal", "-wal", "-shm"].map({ log + $0 }) {
      var own = stat()
      let isSame = exists && stat(path, &own) == 0 && (own.st_dev, own.st_ino) == (file.st_dev, file.st_ino)
      if isSame || path == destination { throw FileError("that is the log itself") }
    }
    // SQLite would take them for those of the new file.
    for suffix in ["-journal", "-wal"] where access(destination + suffix, F_OK) == 0 {
      throw FileError("\(destination)\(suffix) is there: it belongs to a log that may be in use")
    }
  }

  /// The path behind symbolic links; where nothing is there, that of its folder.
  private static func resolved(_ path: String) -> String {
    if let path = real(path) { return path }
    let url = URL(filePath: path)
    return real(url.deletingLastPathComponent().path).map { "\($0)/\(url.lastPathComponent)" } ?? path
  }

  private static func real(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
