import EventLog

/// An event as a row of the table `event`, with all its columns.
struct EventRow {
  private let row: ResultRow

  /// - Parameter row: a row of a statement that selects `EventColumn.selection()`.
  init(_ row: ResultRow) {
    self.row = row
  }

  /// Returns the event in the form that a page holds.
  ///
  /// - Throws: `EventStoreError` with the reason `damaged` when the row does not hold a valid event.
  func item<Item: EventPageItem>(by sort: EventQuery.Sort = .timestamp) throws(EventStoreError) -> Item {
    try Item(try stored(), by: sort)
  }

  /// Returns the event as it is stored. Only the brackets of tags and data are checked: parsing them would double the
  /// time of an export. `IntegrityCheck` does parse them.
  func stored() throws(EventStoreError) -> StoredEvent {
    guard let id = EventID(row.integer(.id)), let type = EventType(name: row.bytes(.type).span) else {
      throw EventStoreError(.damaged, cause: "an event has an invalid id or an unknown type")
    }
    let (tags, data) = (row.bytes(.tags), row.bytes(.data))
    guard tags.isEmpty || (tags.first == UInt8(ascii: "[") && tags.last == UInt8(ascii: "]")),
      data.isEmpty || (data.first == UInt8(ascii: "{") && data.last == UInt8(ascii: "}"))
    else {
      throw EventStoreError(
        .damaged, cause: "the tags of an event are not a JSON array, or its data is not a JSON object")
    }
    return StoredEvent(
      id: id, timestamp: Timestamp(milliseconds: row.integer(.timestamp)), type: type,
      source: row.bytes(.source), message: row.bytes(.message), userID: row.bytes(.userID),
      requestID: row.bytes(.requestID), tags: tags, data: data,
      occurredAt: row.optionalInteger(EventColumn.occurredAt.rawValue).map(Timestamp.init(milliseconds:)),
      recordedBy: row.bytes(.recordedBy))
  }
}
