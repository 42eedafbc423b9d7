/// A member of an event, in the order in which texts have them. The raw value is its name in JSON, CSV, and forms.
///
/// Whatever reads or writes members by name switches over this without a default, so that the compiler names every place
/// that a new member belongs in.
public enum EventMember: String, CaseIterable, Sendable {
  /// Given by the log.
  case id
  /// Given by the log.
  case timestamp
  case type
  case source
  case message
  case userID = "user_id"
  case requestID = "request_id"
  case tags
  case data
}
