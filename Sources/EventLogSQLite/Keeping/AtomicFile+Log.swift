public import Linux
import SystemPackage

/// Why a log's events cannot be put into a file, as a part of a sentence.
public enum OutputFailure: Error, CustomStringConvertible {
  /// The file is one of the log's own.
  case isTheLog
  /// There is a file at this path that SQLite would take for one of the new file's.
  case isBesideALog(path: String)
  case file(AtomicFile.Failure)

  public var description: String {
    switch self {
    case .isTheLog: "that is the log itself"
    case .isBesideALog(let path): "\(path) is there: it belongs to a log that may be in use"
    case .file(let failure): "\(failure)"
    }
  }
}

extension AtomicFile {
  /// Makes a file for what is in a log, with the log's permissions.
  ///
  /// - Parameters:
  ///   - destination: the path that it takes; a regular file that is there is replaced, and a symbolic link followed.
  ///   - log: the path of the log.
  /// - Throws: when the file cannot be made, or would take the place of the log, of another one that may be in use, or
  ///   of what is no regular file.
  public init(at destination: String, of log: String) throws(OutputFailure) {
    try Self.refuse(FilePath(destination).resolvingLinks, of: FilePath(log).resolvingLinks)
    do throws(Failure) {
      try self.init(at: destination, permissions: try Self.permissions(of: log))
    } catch {
      throw .file(error)
    }
  }

  private static func permissions(of log: String) throws(Failure) -> FilePermissions {
    do throws(Errno) {
      return try Stat(FilePath(log)).permissions
        .intersection([.ownerReadWrite, .groupReadWrite, .otherReadWrite])
    } catch {
      throw .system(SystemCallError("stat", error))
    }
  }

  private static func refuse(_ destination: FilePath, of log: FilePath) throws(OutputFailure) {
    let file = try? Stat(destination)
    for path in ["", "-journal", "-wal", "-shm"].map({ FilePath(log.string + $0) }) {
      let own = try? Stat(path)
      let isSame = own != nil && own?.deviceID == file?.deviceID && own?.inode == file?.inode
      if isSame || path == destination { throw .isTheLog }
    }
    for path in ["-journal", "-wal"].map({ destination.string + $0 }) where (try? Stat(FilePath(path))) != nil
    {
      throw .isBesideALog(path: path)
    }
  }
}
