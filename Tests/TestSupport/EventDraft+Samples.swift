public import EventLog
import Testing

extension EventDraft {
  /// A valid draft without optional members.
  public static func plain(
    _ message: String = "hello", type: EventType = .info, source: String = "test"
  ) -> EventDraft {
    EventDraft(
      storedType: type, source: source, message: message, userID: nil, requestID: nil, tags: [], data: nil,
      occurredAt: nil)
  }

  /// A valid draft that has every member. It fails to be one as soon as a draft has a member that is missing here, so
  /// that no test that sends it around can forget a new member.
  ///
  /// - Throws: a failed expectation when a member is nil or empty.
  public static func full() throws -> EventDraft {
    let draft = EventDraft(
      storedType: .userAction, source: "=checkout, \"é\"", message: "Card declined,\n\"twice\" 🎉",
      userID: "u-81",
      requestID: "r;4711", tags: ["payment", "a\"b"],
      data: try EventData(parsing: #"{"amount":19.90,"ok":false}"#),
      occurredAt: Timestamp(milliseconds: 1_705_329_000_250), recordedBy: "a key, \"é\""
    )
    for member in Mirror(reflecting: draft).children {
      let value = Mirror(reflecting: member.value)
      let isEmpty =
        (value.displayStyle == .optional || value.displayStyle == .collection) && value.children.isEmpty
      try #require(!isEmpty, "a full draft needs \(member.label ?? "every member")")
    }
    return draft
  }
}
