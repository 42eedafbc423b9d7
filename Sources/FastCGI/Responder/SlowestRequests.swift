import HTTPCore

/// The slowest requests of the last five to ten minutes.
///
/// Each period of five minutes keeps as many as are shown, so no request is dropped in favor of slower ones that have
/// since become too old.
struct SlowestRequests {
  /// How many requests are shown.
  private static let count = 10
  private static let stretch = Duration.seconds(300)

  private struct Slow {
    var request: ServerStatistics.Answered
    let answeredAt: ContinuousClock.Instant
  }

  /// The requests of the current period, slowest first.
  private var current: [Slow] = []
  private var previous: [Slow] = []
  private var startedAt: ContinuousClock.Instant

  init(at now: ContinuousClock.Instant = .now) {
    startedAt = now
  }

  /// Adds a request if it is among the slowest.
  ///
  /// - Parameters:
  ///   - duration: the time that the request took.
  ///   - now: the time at which it was answered.
  ///   - request: makes the value that is kept; it is called only if the request is among the slowest.
  mutating func add(
    _ duration: Duration, at now: ContinuousClock.Instant, _ request: () -> ServerStatistics.Answered
  ) {
    turn(to: now)
    // Almost every request ends here, without a copy of what is kept.
    guard current.count < Self.count || current[Self.count - 1].request.duration < duration else { return }
    let rank = current.firstIndex { $0.request.duration < duration } ?? current.count
    if current.count == Self.count { current.removeLast() }
    current.insert(Slow(request: request(), answeredAt: now), at: rank)
  }

  /// Returns the slowest requests.
  ///
  /// - Returns: the slowest requests, slowest first, each with its age.
  mutating func all(at now: ContinuousClock.Instant) -> [ServerStatistics.Answered] {
    turn(to: now)
    return (current + previous).sorted { $0.request.duration > $1.request.duration }.prefix(Self.count).map {
      var request = $0.request
      request.age = now - $0.answeredAt
      return request
    }
  }

  private mutating func turn(to now: ContinuousClock.Instant) {
    while now - startedAt >= Self.stretch {
      previous = current
      current = []
      startedAt += Self.stretch
    }
  }
}
