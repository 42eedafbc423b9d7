import EventLog
import Synchronization

/// The way to the log, which every read and every transaction takes. It is open from the time that the schema is up to
/// date until the store is closed, as long as the log's files are in their places.
final class LogGate: Sendable {
  private enum Phase: UInt8, AtomicRepresentable {
    case migrating, open, closed
  }

  let files: LogFiles
  private let phase = Atomic(Phase.migrating)

  init(_ files: LogFiles) {
    self.files = files
  }

  /// Whether the store has been closed.
  var isClosed: Bool { phase.load(ordering: .sequentiallyConsistent) == .closed }

  /// Whether the schema is not up to date yet.
  var isMigrating: Bool { phase.load(ordering: .sequentiallyConsistent) == .migrating }

  /// Opens the gate, unless it was closed in the meantime.
  func open() {
    _ = phase.compareExchange(expected: .migrating, desired: .open, ordering: .sequentiallyConsistent)
  }

  /// Closes the gate for good.
  ///
  /// - Returns: false when it was closed before.
  func close() -> Bool { phase.exchange(.closed, ordering: .sequentiallyConsistent) != .closed }

  /// Checks that the log may be read.
  ///
  /// - Throws: `EventStoreError` that says why it may not.
  func check() throws(EventStoreError) {
    try checkPhase()
    try files.checkUnlessRecent()
  }

  /// Checks that a transaction may begin. Whether the files are in their places is checked at its end.
  ///
  /// - Throws: `EventStoreError` that says why it may not.
  func checkBeforeTransaction() throws(EventStoreError) {
    try checkPhase()
    if files.isDisplaced { try files.checkEach() }
  }

  private func checkPhase() throws(EventStoreError) {
    switch phase.load(ordering: .sequentiallyConsistent) {
    case .open: return
    case .migrating: throw EventStoreError(.migrating, cause: "the log is being brought up to date")
    case .closed: throw EventStoreError(.unavailable, cause: "the log has been closed")
    }
  }
}
