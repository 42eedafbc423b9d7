/// A form in which a page has its events: values, or text that is ready to be sent.
public protocol EventPageItem: Equatable, Sendable {
  /// - Parameters:
  ///   - event: an event in memory.
  ///   - sort: what the query sorts by.
  init(_ event: Event, by sort: EventQuery.Sort)

  /// - Parameters:
  ///   - stored: an event that a store has at hand.
  ///   - sort: what the query sorts by.
  /// - Throws: `EventStoreError` with the reason `damaged` when the members cannot be those of an event.
  init(_ stored: StoredEvent, by sort: EventQuery.Sort) throws(EventStoreError)

  /// Where the event stands in the order of the query that it was read by.
  func position(by sort: EventQuery.Sort) -> EventPosition

  /// About what the event takes in memory, in bytes.
  var size: Int { get }
}
