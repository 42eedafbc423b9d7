/// The form in which a page holds its events: values, or text that is ready to be sent.
public protocol EventPageItem: Equatable, Sendable {
  /// Creates an item from an event in memory.
  ///
  /// - Parameters:
  ///   - event: the event.
  ///   - sort: what the query sorts by.
  init(_ event: Event, by sort: EventQuery.Sort)

  /// Creates an item from an event as a store holds it.
  ///
  /// - Parameters:
  ///   - stored: the event's members.
  ///   - sort: what the query sorts by.
  /// - Throws: `EventStoreError` with the reason `damaged` when the members cannot belong to an event.
  init(_ stored: StoredEvent, by sort: EventQuery.Sort) throws(EventStoreError)

  /// Determines the event's place in the order of the query that read it.
  ///
  /// - Parameter sort: what the query sorts by.
  /// - Returns: the position.
  func position(by sort: EventQuery.Sort) -> EventPosition

  /// The approximate size of the event in memory, in bytes.
  var size: Int { get }
}
