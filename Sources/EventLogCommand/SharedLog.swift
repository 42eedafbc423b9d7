import EventLog
import EventLogSQLite
import Glibc
import Linux
import Synchronization
import SystemPackage

/// A log that a command writes and that other processes may be using. The command waits for as long as they keep it busy,
/// since people would rather wait than lose an event, and lets signals take effect meanwhile.
final class SharedLog {
  let store: any EventStore
  private let turn: Turn

  /// Opens the log or creates it, says where a new one is, and warns of one that others may read.
  ///
  /// - Parameters:
  ///   - options: the options that name the log.
  ///   - size: the option that limits it.
  ///   - signals: the signals that end or pause the command.
  /// - Throws: `EventStoreError` when the log cannot be used; `ValidationError` when it is in memory, where no other
  ///   process can find it; `Interruption`.
  init(_ options: StoreOptions, _ size: SizeOptions, _ signals: CommandSignals) throws {
    let isNew = try !options.exists
    var settings = size.settings
    settings.busyTimeout = .seconds(1)
    let turn = Turn(signals)
    store = try turn.wait {
      let store = try options.store.open(settings)
      do {
        try store.migrate { _ in try turn.takePlace() }
        return store
      } catch {
        store.close()
        try signals.check()
        throw error
      }
    }
    self.turn = turn
    // The index is written by another thread.
    signals.pause { [store] stop in try? waitFor { await store.betweenTransactions(stop) } }
    if isNew {
      Exit.say("there was no event log yet; a new one is at \(FilePath(try options.path).resolvingLinks)")
    }
    if let warning = options.store.permissionWarning { Exit.say(warning) }
  }

  /// Uses the log as soon as others leave it free.
  ///
  /// - Parameter body: receives the store. It is called again if it throws an `EventStoreError` with the reason `busy`.
  /// - Returns: what `body` returned.
  /// - Throws: what else `body` throws; `Interruption` when a signal arrives first.
  func whenFree<Value: Sendable>(
    _ body: @escaping @Sendable (any EventStore) async throws -> Value
  ) throws -> Value {
    try turn.wait { [store] in try waitFor { try await body(store) } }
  }

  func close() { store.close() }
}

/// The place of a command among those who wait for the same log.
private final class Turn: Sendable {
  /// The time between two attempts, in microseconds, where the log does not wait by itself.
  private static let pause: UInt32 = 50_000

  private let signals: CommandSignals
  private let hasSaidThatItWaits = Mutex(false)

  init(_ signals: CommandSignals) {
    self.signals = signals
  }

  func wait<Value>(_ body: () throws -> Value) throws -> Value {
    while true {
      try signals.check()
      do {
        return try body()
      } catch let error as EventStoreError where error.reason == .busy {
        try takePlace()
        usleep(Self.pause)
      }
    }
  }

  /// Says once that the command waits, and lets signals take effect.
  func takePlace() throws {
    hasSaidThatItWaits.withLock { hasSaid in
      if !hasSaid { Exit.say("another process keeps the log busy; waiting until it can be written") }
      hasSaid = true
    }
    try signals.check()
  }
}
