/// What somebody must be allowed to do to use a route.
///
/// The route table states it of each route. Nobody is asked for a role yet.
public enum Role: Sendable {
  /// The route is open to everyone: it shows nothing of the log.
  case everyone
  /// The route finds, shows or counts events.
  case read
  /// The route records events, and shows no others.
  case record
  /// The route tells how the program and its store are doing.
  case status
  /// The route changes what others may do, or what is kept.
  case admin
}
