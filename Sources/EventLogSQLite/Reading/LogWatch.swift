import EventLog
import Linux
import Logging
import Synchronization

/// Notices what other processes record, without looking while nothing happens.
///
/// Every process of this program opens and closes the write-ahead log after each of its transactions, which the others notice.
/// Others only write to it, which is noticed before their transaction can be seen, so the log is looked at several times.
final class LogWatch: Sendable {
  /// After something was written, the log is looked at again after these times in milliseconds.
  private static let pauses = [2, 10, 30, 60, 100, 200, 400, 800]
  /// The time between two looks where nothing tells that something has happened, in milliseconds.
  private static let interval = 250

  /// Rings when something may have been recorded.
  let bell = Bell()
  private let path: String
  private let logger: Logger
  private let end: ReadableFlag?
  private let isStarted = Mutex(false)

  /// - Parameters:
  ///   - path: the path of the write-ahead log.
  ///   - logger: is told when the file cannot be watched.
  init(_ path: String, logger: Logger) {
    self.path = path
    self.logger = logger
    end = try? ReadableFlag()
  }

  /// Tells this process and the others that something was recorded.
  func noteCommit() {
    bell.ring()
    FileWatch.touch(path)
  }

  /// Starts to notice what others do.
  func start() {
    let isFirst = isStarted.withLock { isStarted in
      defer { isStarted = true }
      return !isStarted
    }
    guard isFirst, let end else { return }
    do {
      let watch = try FileWatch(path)
      try DetachedThread.start(named: "log watch") { [bell] in Self.follow(watch, until: end) { bell.ring() }
      }
    } catch {
      logger.warning(
        "cannot watch the log, which is looked at every \(Self.interval) ms instead",
        metadata: ["cause": "\(error)"])
      try? DetachedThread.start(named: "log watch") { [bell] in
        while !end.isSet(within: Self.interval) { bell.ring() }
      }
    }
  }

  func stop() {
    end?.set()
    bell.ring()
  }

  private static func follow(_ watch: FileWatch, until end: ReadableFlag, ring: () -> Void) {
    var pauses: ArraySlice<Int> = []
    while !end.isSet(within: 0) {
      if watch.wait(orSet: end, milliseconds: pauses.first) {
        pauses = Self.pauses[...]
      } else {
        pauses = pauses.dropFirst()
      }
      ring()
    }
  }
}
