/// Measurements of the last transaction, which tell how long the next one should wait for others to join it.
///
/// A caller that has just been answered is likely to append again at once, so where an fsync takes long, a transaction
/// waits for such callers for a small part of that time. A single writer waits for nobody.
struct CommitPace {
  /// The longest duration of a commit for which waiting for others gains nothing.
  private static let shortCommit = Duration.microseconds(500)
  /// The divisor of a commit's duration that gives the time to wait for others.
  private static let pausePart = 3
  private static let longestPause = Duration.milliseconds(5)

  /// The duration of the commit.
  var commit = Duration.zero
  /// The number of appends that were committed.
  var appends = 0
  /// The number of appends that were already waiting when it ended.
  var waiting = 0
  var endedAt = ContinuousClock.now

  /// Returns how long to wait for others; nil when that gains nothing.
  var pause: Duration? {
    guard appends > 1, commit > Self.shortCommit, .now - endedAt < commit else { return nil }
    return min(commit / Self.pausePart, Self.longestPause)
  }

  /// Returns how many of the answered callers have not appended again, given the current number of appends.
  func missing(_ count: Int) -> Int { appends - max(0, count - waiting) }
}
