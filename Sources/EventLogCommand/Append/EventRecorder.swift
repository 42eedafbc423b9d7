import EventLog

/// Records events for a person or a pipe.
final class EventRecorder {
  /// The most events to record together, so that others get their turn.
  static let batchSize = 10_000

  private let log: SharedLog
  private var canPrint = true

  init(_ log: SharedLog) {
    self.log = log
  }

  /// Records events in one transaction, and prints their ids.
  ///
  /// - Parameter drafts: the events, of which there is at least one.
  /// - Throws: `EventStoreError` or `Interruption`; none of the events is recorded then.
  func record(_ drafts: [EventDraft]) throws {
    let events = try log.whenFree { try await $0.append(drafts) }
    // What cannot be printed is said once.
    let ids = events.map(\.id.description).joined(separator: "\n")
    if canPrint { canPrint = Exit.print(ids, done: "the events are recorded") }
  }
}
