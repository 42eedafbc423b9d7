/// The permission that a client needs to use a route. The route table states one for each route.
public enum Role: String, CaseIterable, Sendable {
  /// The route is open to everyone: it reveals nothing of the log.
  case everyone
  /// The route finds, shows or counts events.
  case read
  /// The route records events, and shows no other ones.
  case record
  /// The route reports how the program and its store are doing.
  case status
  /// The route changes what others may do, or what is kept.
  case admin
}
