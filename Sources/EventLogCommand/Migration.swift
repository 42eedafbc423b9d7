import EventLog
import FastCGI
import Linux
import Logging
import Synchronization

/// Brings a log up to date while a responder already answers its requests, with 503 and the reason. Only then is the
/// supervisor told that the responder is ready.
final class Migration: Sendable {
  /// How long the supervisor should be patient after each sign of progress.
  private static let patience = Duration.seconds(30)
  private static let logInterval = Duration.seconds(10)

  private let store: any EventStore
  private let supervisor: SupervisorNotification
  private let logger: Logger
  private let failure = Mutex<EventStoreError?>(nil)

  init(of store: any EventStore, supervisor: SupervisorNotification, logger: Logger) {
    self.store = store
    self.supervisor = supervisor
    self.logger = logger
  }

  /// Starts the migration on a thread of its own.
  ///
  /// - Parameter onFailure: is called if the log cannot be brought up to date.
  /// - Throws: `SystemCallError` if this process may not have another thread.
  func start(onFailure: @escaping @Sendable () -> Void) throws(SystemCallError) {
    logger.notice("the log was written by an older version; it is being brought up to date")
    supervisor.extendTimeout(by: Self.patience)
    try DetachedThread.start(named: "migration") { [self] in
      do throws(EventStoreError) {
        try migrate()
      } catch {
        failure.withLock { $0 = error }
        onFailure()
      }
    }
  }

  /// Reports the failure, if there was one.
  ///
  /// - Throws: `EventStoreError`.
  func check() throws(EventStoreError) {
    if let failure = failure.withLock(\.self) { throw failure }
  }

  private func migrate() throws(EventStoreError) {
    let start = ContinuousClock.now
    let loggedAt = Mutex(start)
    try store.migrate { [supervisor, logger] elapsed in
      supervisor.extendTimeout(by: Self.patience)
      let isDue = loggedAt.withLock { loggedAt in
        guard .now - loggedAt >= Self.logInterval else { return false }
        loggedAt = .now
        return true
      }
      if isDue {
        logger.notice("the log is still being brought up to date", metadata: elapsed.secondsMetadata)
      }
    }
    logger.notice("the log is up to date", metadata: (ContinuousClock.now - start).secondsMetadata)
    supervisor.ready()
  }
}

extension Duration {
  fileprivate var secondsMetadata: Logger.Metadata { ["seconds": "\(Int(self / .seconds(1)))"] }
}
