public import Linux

/// The reason why a log's contents cannot be written to a file. Each description is a clause that can follow a colon.
public enum OutputFailure: Error, CustomStringConvertible {
  /// The file is one of the log's own.
  case isTheLog
  /// A file exists at this path that SQLite would mistake for a companion of the new file.
  case isBesideALog(path: String)
  case file(AtomicFile.Failure)

  public var description: String {
    switch self {
    case .isTheLog: "that is the log itself"
    case .isBesideALog(let path): "\(path) exists and belongs to a log that may be in use"
    case .file(let failure): "\(failure)"
    }
  }
}
