public import EventLog

/// Writes events as text in one format, piece by piece.
///
/// A format defines how an event is appended and how the text ends. The functions that loop over events are
/// requirements as well: each is called once per response, even where only `any EventWriter` is known, and is compiled
/// for each writer.
public protocol EventWriter: Sendable {
  /// The form in which the format needs its events.
  associatedtype Item: EventPageItem

  /// The text that has been written and not yet taken; initially, the text that precedes all events.
  var text: [UInt8] { get set }

  mutating func append(_ event: Item)

  /// Ends the text.
  mutating func finish()

  /// Writes the events of one page if they are short.
  ///
  /// - Parameters:
  ///   - page: the events to write.
  ///   - maximumSize: the maximum size of the events together, in bytes.
  /// - Returns: the whole text; nil when the events are larger.
  func text(of page: EventPage<Item>, maximumSize: Int) -> [UInt8]?

  /// Writes the events of a page and the events that follow it, in constant memory. Events that were recorded after the
  /// page was read are left out.
  ///
  /// - Parameters:
  ///   - page: the first events.
  ///   - more: the number of events that follow the page; nil means all of them.
  ///   - store: the store that holds the events.
  ///   - write: receives the next bytes of the text.
  /// - Throws: `EventStoreError`, or what `write` throws.
  func export(
    _ page: EventPage<Item>, more: Int?, from store: any EventPageSource,
    to write: ([UInt8]) async throws -> Void
  ) async throws
}
