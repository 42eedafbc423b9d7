import EventLog
@testable import EventLogFormats

/// Checks that whatever is read from log records is an event that could have come in any other way.
enum OTLPTarget {
  static func test(_ input: [UInt8]) {
    for encoding in [OTLPLogs.Encoding.protobuf, .json] {
      guard let logs = try? OTLPLogs(input, as: encoding) else { continue }
      require(logs.drafts.count + logs.rejectedCount <= OTLPLogs.maximumCount, "there are not too many")
      for draft in logs.drafts { requireValid(draft) }
    }
  }

  /// Ends the process unless a draft is read from JSON as it was written.
  static func requireValid(_ draft: EventDraft) {
    let event = Event(id: Event.examples[0].id, timestamp: Timestamp(milliseconds: 0), draft: draft)
    let read = try? ImportedEvent(parsing: EventJSON(event, by: .timestamp).text)
    require(read?.draft == draft, "an event of another kind of text is a valid one")
  }
}
