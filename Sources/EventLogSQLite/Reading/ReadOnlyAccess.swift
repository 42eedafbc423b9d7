import EventLog
import Foundation
import Linux

/// The way in which a log can be opened so that no byte changes, neither of the log nor of the files next to it. SQLite
/// by itself would make a `-wal` and a `-shm`, or write to them, even for a reader.
struct ReadOnlyAccess {
  /// SQLite's name for the file, with the parameters for this way (sqlite.org/uri.html).
  let uri: String
  /// The state in which the files must still be after a read, since nothing else shows that somebody has written in the
  /// meantime; nil when SQLite's locks keep a read whole.
  let state: SQLiteFileState?

  /// Finds the way to open a log.
  ///
  /// - Parameter path: the log's path without symbolic links.
  /// - Throws: `EventStoreError` when the file cannot be read, or when reading its newest events takes writing.
  init(_ path: String) throws(EventStoreError) {
    let state = SQLiteFileState(path)
    let isInWALMode: Bool
    do throws(SystemCallError) {
      isInWALMode = try SQLiteFile.isInWALMode(path)
    } catch {
      throw EventStoreError(.unavailable, cause: "\(error.errno)")
    }
    let name = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
    if state.walSize != nil, state.hasSharedMemory {
      // If no process keeps the index of the -wal in the -shm, SQLite makes one in its own memory.
      uri = "file:\(name)?mode=ro&readonly_shm=1"
      self.state = nil
    } else if state.walSize ?? 0 > 0 {
      throw Self.refusal(path, SQLiteFile.writeAheadLog)
    } else if isInWALMode || state.walSize != nil {
      // This mode takes no locks and asks for no -wal, and would pass over a journal.
      if state.hasJournal { throw Self.refusal(path, SQLiteFile.rollbackJournal) }
      uri = "file:\(name)?mode=ro&immutable=1"
      self.state = state
    } else {
      uri = "file:\(name)?mode=ro&readonly_shm=1"
      self.state = state
    }
  }

  /// The error for a log whose companion with a suffix has what the log lacks.
  static func refusal(_ path: String, _ suffix: String) -> EventStoreError {
    EventStoreError(
      .unavailable,
      cause: """
        its last changes are in \(path)\(suffix), and they cannot be read from there without writing; `eventlog serve` \
        or `eventlog append` brings them into the log
        """)
  }
}
