import GRDB
import Synchronization

/// Keeps the write-ahead log small.
///
/// SQLite copies it into the database by itself, but starts it over only at a moment at which nobody reads from it, which
/// never comes while reads overlap; and the file never shrinks. So when it is too large, this process waits for such a
/// moment, for a time that appends hardly notice, and tries again every second.
final class WriteAheadLog: Sendable {
  /// The size beyond which the log is emptied, in bytes.
  static let softLimit = 64 << 20
  /// How long appends may have to wait until all reads have ended.
  private static let patience = Duration.milliseconds(100)
  private static let retryInterval = Duration.seconds(1)
  /// How often the size is looked at.
  private static let interval = Duration.milliseconds(250)

  private struct State {
    var lookedAt = ContinuousClock.now
    var isRetrying = false
  }

  private let database: DatabasePool
  private let path: String
  private let limit: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - database: the connections to the log.
  ///   - path: the path of the write-ahead log.
  ///   - limit: the size beyond which it is emptied, in bytes.
  init(of database: DatabasePool, path: String, limit: Int) {
    self.database = database
    self.path = path
    self.limit = limit
  }

  /// The size of the file in bytes.
  var size: Int { FileStatus(path: path)?.size ?? 0 }

  /// Empties the log if it is too large. It costs next to nothing if it was looked at a moment ago.
  ///
  /// - Parameter database: the connection that writes, outside a transaction.
  func keepSmall(_ database: Database) {
    let now = ContinuousClock.now
    let isDue = state.withLock { state in
      guard now - state.lookedAt >= Self.interval else { return false }
      state.lookedAt = now
      return true
    }
    guard isDue, size > limit else { return }
    truncate(database)
    if size > limit { retryLater() }
  }

  /// Copies the log into the database and empties it, unless reads get in the way for too long.
  ///
  /// - Parameter database: the connection that writes, outside a transaction.
  func truncate(_ database: Database) {
    database.waiting(atMost: Self.patience) { _ = try? database.checkpoint(.truncate) }
  }

  /// Looks again in a while, since there may be no further append.
  private func retryLater() {
    let isFirst = state.withLock { state in
      defer { state.isRetrying = true }
      return !state.isRetrying
    }
    guard isFirst else { return }
    Task.detached { [weak self] in
      try? await Task.sleep(for: Self.retryInterval)
      guard let self else { return }
      state.withLock { $0.isRetrying = false }
      database.asyncWriteWithoutTransaction { [weak self] in self?.keepSmall($0) }
    }
  }
}
