/// What somebody with a key may do.
public enum KeyRole: String, CaseIterable, Sendable {
  /// Record events, and see no other ones.
  case record
  /// Find, show and count events.
  case read
  /// See how the program and its store are doing.
  case status
  /// Do everything, and manage keys.
  case admin
}
