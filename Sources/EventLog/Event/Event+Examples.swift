extension Event {
  /// The three events that the original system starts with.
  public static let examples: [Event] = [
    example(
      1, at: 1_705_329_000_000, .userAction, from: "web_client", "User clicked submit button"),
    example(
      2, at: 1_705_330_800_000, .system, from: "backend_service", "Scheduled job completed successfully"),
    example(
      3, at: 1_705_331_100_000, .error, from: "web_client",
      "Failed to submit form due to validation error"),
  ].compactMap(\.self)

  private static func example(
    _ number: Int64, at milliseconds: Int64, _ type: EventType, from source: String, _ message: String
  ) -> Event? {
    EventID(number).map { id in
      Event(
        id: id, timestamp: Timestamp(milliseconds: milliseconds),
        draft: EventDraft(
          storedType: type, source: source, message: message, userID: nil, requestID: nil, tags: [],
          data: nil,
          occurredAt: nil))
    }
  }
}
