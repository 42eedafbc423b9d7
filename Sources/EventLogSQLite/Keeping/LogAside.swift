import GRDB
import Glibc
import Linux

/// A log that was put aside, and that nobody else can write to as long as this value exists: who waits for the log would
/// otherwise record events in it that nobody looks for there.
struct LogAside {
  /// The path of the log.
  let path: String
  private let formerPath: String
  /// What was moved, as suffixes of both paths.
  private var moved: [String] = []
  /// Whether the log has both names.
  private var isLinked = false
  private let lock: DatabaseQueue?

  /// - Parameters:
  ///   - path: the path that the log gets.
  ///   - formerPath: the path that it has.
  ///   - lock: a connection that keeps all others from it.
  init(path: String, formerPath: String, _ lock: DatabaseQueue?) {
    self.path = path
    self.formerPath = formerPath
    self.lock = lock
  }

  /// Gives the log its second name.
  mutating func takeLog() throws(SystemCallError) {
    // Not every file system has hard links; then the path is free for a moment.
    isLinked = link(formerPath, path) == 0
    if !isLinked { try take("") }
  }

  /// Moves a file next to the log.
  mutating func take(_ suffix: String) throws(SystemCallError) {
    try systemCall("rename", rename(formerPath + suffix, path + suffix))
    moved.append(suffix)
  }

  /// Undoes everything, since no other log takes the place.
  func putBack() {
    for suffix in moved { rename(path + suffix, formerPath + suffix) }
    if isLinked { unlink(path) }
  }

  /// Lets others open the log again.
  func release() { try? lock?.close() }
}
