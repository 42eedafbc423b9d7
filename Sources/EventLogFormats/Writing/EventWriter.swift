public import EventLog

/// Writes events as text in one format, piece by piece.
///
/// A format says how an event is appended and how the text ends. The functions that loop over events are requirements
/// too: they are called once an answer, also where only `any EventWriter` is known, and are compiled for each writer.
public protocol EventWriter: Sendable {
  /// The form in which the format wants its events.
  associatedtype Item: EventPageItem

  /// What was written and not yet taken; at first, what stands before all events.
  var text: [UInt8] { get set }

  mutating func append(_ event: Item)

  /// Ends the text.
  mutating func finish()

  /// Writes the events of one page, if they are short.
  ///
  /// - Parameters:
  ///   - page: the events.
  ///   - maximumSize: of the events together, in bytes.
  /// - Returns: the whole text; nil when the events are larger.
  func text(of page: EventPage<Item>, maximumSize: Int) -> [UInt8]?

  /// Writes the events of a page, and those that follow it and were there when it was read, in constant memory.
  ///
  /// - Parameters:
  ///   - page: the first events.
  ///   - more: how many of those that follow; nil is all of them.
  ///   - store: has them.
  ///   - write: takes the next bytes of the text.
  /// - Throws: `EventStoreError`, and what `write` throws.
  func export(
    _ page: EventPage<Item>, more: Int?, from store: any EventStore,
    to write: ([UInt8]) async throws -> Void
  ) async throws
}
