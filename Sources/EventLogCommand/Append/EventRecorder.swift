import EventLog
import EventLogSQLite
import Glibc
import Linux
import SystemPackage

/// Records events for a person or a pipe, who would rather wait for a busy log than lose an event.
final class EventRecorder {
  /// The most events to record together, so that others get their turn.
  static let batchSize = 10_000
  /// The time between two attempts where the log does not wait by itself, in microseconds.
  private static let pause: UInt32 = 50_000

  let store: any EventStore
  private var hasSaidThatItWaits: Bool
  private var canPrint = true

  /// Opens the log, and says where a new one is made.
  ///
  /// - Parameters:
  ///   - options: the options that name the log.
  ///   - settings: the limits of the log.
  ///   - signals: the signals that end the process while it waits for the log.
  /// - Throws: `EventStoreError` when the log cannot be used; `ValidationError` when it is in memory.
  init(_ options: StoreOptions, _ settings: SQLiteEventStore.Settings, _ signals: HeldSignals) throws {
    let isNew = try !options.exists
    var hasSaid = false
    store = try EventRecorder.patiently(&hasSaid, signals) { try options.openShared(settings) }
    hasSaidThatItWaits = hasSaid
    if isNew {
      let path = FilePath(try options.path).resolvingLinks
      Exit.say("there was no event log yet; a new one is at \(path)")
    }
  }

  /// Records events in one transaction, and prints their ids. It waits for as long as others keep the log busy.
  ///
  /// - Parameter drafts: the events, of which there is at least one.
  /// - Throws: `EventStoreError` when none of them can be recorded.
  func record(_ drafts: [EventDraft]) throws {
    let events = try Self.patiently(&hasSaidThatItWaits) { [store] in
      try waitFor { try await store.append(drafts) }
    }
    // What cannot be printed is said once.
    let ids = events.map(\.id.description).joined(separator: "\n")
    if canPrint { canPrint = Exit.print(ids, done: "the events are recorded") }
  }

  private static func patiently<Value>(
    _ hasSaid: inout Bool, _ signals: HeldSignals? = nil, _ body: () throws -> Value
  ) throws -> Value {
    while true {
      do {
        return try body()
      } catch let error as EventStoreError where error.reason == .busy {
        if !hasSaid { Exit.say("another process keeps the log busy; waiting until it can be written") }
        hasSaid = true
        // Nothing is recorded yet, so the process may end here.
        if let signals, signals.isPending { signals.deliver() }
        usleep(pause)
      }
    }
  }
}
