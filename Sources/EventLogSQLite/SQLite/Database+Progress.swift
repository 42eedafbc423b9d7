import GRDB
import GRDBSQLite

extension Database {
  /// Runs statements that take long, and reports that they get on, or interrupts them.
  ///
  /// - Parameters:
  ///   - report: is called about once a second, as long as a statement makes progress; returns whether to go on.
  ///   - body: runs the statements.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws.
  func reportingProgress<Value>(
    _ report: @escaping () -> Bool, _ body: () throws -> Value
  ) rethrows -> Value {
    let reporter = Unmanaged.passRetained(ProgressReporter(report))
    sqlite3_progress_handler(
      sqliteConnection, ProgressReporter.steps,
      { reporter in
        guard let reporter else { return 0 }
        return Unmanaged<ProgressReporter>.fromOpaque(reporter).takeUnretainedValue().advance() ? 0 : 1
      }, reporter.toOpaque())
    defer {
      sqlite3_progress_handler(sqliteConnection, 0, nil, nil)
      reporter.release()
    }
    return try body()
  }
}

/// Passes on progress once a second.
private final class ProgressReporter {
  /// The number of instructions of SQLite's virtual machine between two looks at the clock.
  static let steps: Int32 = 100_000
  private static let interval = Duration.seconds(1)

  private let report: () -> Bool
  private var reportedAt = ContinuousClock.now

  init(_ report: @escaping () -> Bool) {
    self.report = report
  }

  /// - Returns: whether to go on.
  func advance() -> Bool {
    let now = ContinuousClock.now
    guard now - reportedAt >= Self.interval else { return true }
    reportedAt = now
    return report()
  }
}
