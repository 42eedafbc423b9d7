public import Linux
import SystemPackage

extension AtomicFile {
  /// Creates a file for the contents of a log, which only its owner may read.
  ///
  /// - Parameters:
  ///   - destination: the path that the file takes; an existing regular file is replaced, and a symbolic link is followed.
  ///   - log: the path of the log.
  /// - Throws: `OutputFailure` when the file cannot be created, or would replace the log, another log that may be in use,
  ///   or something other than a regular file.
  public init(at destination: String, of log: String) throws(OutputFailure) {
    try Self.refuse(FilePath(destination).resolvingLinks, of: FilePath(log).resolvingLinks)
    do throws(Failure) {
      try self.init(at: destination)
    } catch {
      throw .file(error)
    }
  }

  private static func refuse(_ destination: FilePath, of log: FilePath) throws(OutputFailure) {
    let file = try? Stat(destination)
    for path in ([""] + SQLiteFile.companions).map({ FilePath(log.string + $0) }) {
      let own = try? Stat(path)
      let isSame = own != nil && own?.deviceID == file?.deviceID && own?.inode == file?.inode
      if isSame || path == destination { throw .isTheLog }
    }
    for path in SQLiteFile.journals.map({ destination.string + $0 }) where (try? Stat(FilePath(path))) != nil
    {
      throw .isBesideALog(path: path)
    }
  }
}
