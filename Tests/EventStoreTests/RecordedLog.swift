import Logging
import Synchronization

/// What was logged, as the levels of the messages.
final class RecordedLog: Sendable {
  private let recorded = Mutex<[Logger.Level]>([])

  var levels: [Logger.Level] { recorded.withLock(\.self) }

  var logger: Logger {
    Logger(label: "test", factory: { _ in Handler(log: self) })
  }

  private struct Handler: LogHandler {
    let log: RecordedLog
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      log.recorded.withLock { $0.append(event.level) }
    }
  }
}
