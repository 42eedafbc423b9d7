/// The times that an event has. The raw value is the name of the member.
public enum EventTime: String, CaseIterable, Sendable {
  /// When the log recorded the event.
  case timestamp
  /// When it happened, as the client says: `occurred_at`. An event without it happened when it was recorded.
  case occurredAt = "occurred_at"
}
