import EventLog
@testable import EventLogFormats

/// Checks that whatever is read from log records is an event that could have come in any other way.
enum OTLPTarget {
  static func test(_ input: [UInt8]) {
    for encoding in [OTLPLogs.Encoding.protobuf, .json] {
      guard var logs = try? OTLPLogs(input, as: encoding) else { continue }
      var count = 0
      while let drafts = logs.nextDrafts(size: 10_000) {
        count += drafts.count
        for draft in drafts { requireValid(draft) }
      }
      require(count + logs.rejectedCount <= OTLPLogs.maximumCount, "there are not too many")
    }
  }

  /// Ends the process unless a draft is read from JSON as it was written.
  static func requireValid(_ draft: EventDraft) {
    let event = Event(id: Event.examples[0].id, timestamp: Timestamp(milliseconds: 0), draft: draft)
    let read = try? ImportedEvent(parsing: EventJSON(event, by: .timestamp).text)
    require(read?.draft == draft, "an event of another kind of text is a valid one")
  }
}
