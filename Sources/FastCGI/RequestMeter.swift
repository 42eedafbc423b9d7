public import HTTPCore
import Synchronization

/// Counts what a responder does.
public final class RequestMeter: Sendable {
  /// How many of the slowest requests are kept.
  private static let slowestCount = 10
  /// For how long one of them is of interest.
  private static let slowestAge = Duration.seconds(600)
  /// Characters of a target that are kept.
  private static let targetSize = 200
  private static let bounds: [Duration] = [
    .milliseconds(1), .milliseconds(5), .milliseconds(25), .milliseconds(100), .milliseconds(500),
    .milliseconds(2500), .seconds(10),
  ]

  private struct Slow {
    var request: ServerStatistics.Answered
    let answeredAt: ContinuousClock.Instant
  }

  private struct Answers {
    /// By the first digit of the status.
    var counts = [0, 0, 0, 0, 0, 0]
    var totalDuration = Duration.zero
    /// How many took at most the bound at the same index, and longer than the one before; at last those beyond all.
    var durations = [Int](repeating: 0, count: bounds.count + 1)
    /// The slowest first.
    var slowest: [Slow] = []
  }

  private let startedAt = ContinuousClock.now
  private let workers = Atomic(0)
  private let busyWorkers = Atomic(0)
  private let acceptedConnections = Atomic(0)
  private let openConnections = Atomic(0)
  private let requestsInFlight = Atomic(0)
  private let answers = Mutex(Answers())

  public init() {}

  /// - Returns: the counts at this moment.
  public func statistics() -> ServerStatistics {
    let now = ContinuousClock.now
    let answers = answers.withLock { answers in
      answers.slowest.removeAll { now - $0.answeredAt > Self.slowestAge }
      return answers
    }
    var count = 0
    let durations = zip(Self.bounds, answers.durations).map { bound, more in
      count += more
      return ServerStatistics.Bucket(bound: bound, count: count)
    }
    let open = openConnections.load(ordering: .relaxed)
    let inFlight = requestsInFlight.load(ordering: .relaxed)
    return ServerStatistics(
      uptime: now - startedAt, workers: workers.load(ordering: .relaxed),
      busyWorkers: busyWorkers.load(ordering: .relaxed),
      acceptedConnections: acceptedConnections.load(ordering: .relaxed), openConnections: open,
      idleConnections: max(0, open - inFlight), requestsInFlight: inFlight, answered: answers.counts,
      totalDuration: answers.totalDuration, durations: durations,
      slowest: answers.slowest.map { slow in
        var request = slow.request
        request.age = now - slow.answeredAt
        return request
      })
  }

  func start(workers count: Int) {
    workers.store(count, ordering: .relaxed)
  }

  func workerBecameBusy(_ isBusy: Bool) {
    busyWorkers.add(isBusy ? 1 : -1, ordering: .relaxed)
  }

  func connectionOpened() {
    acceptedConnections.add(1, ordering: .relaxed)
    openConnections.add(1, ordering: .relaxed)
  }

  func connectionClosed() {
    openConnections.add(-1, ordering: .relaxed)
  }

  func requestStarted() {
    requestsInFlight.add(1, ordering: .relaxed)
  }

  /// - Parameters:
  ///   - status: of the answer.
  ///   - duration: without the time that the client took to accept the answer.
  ///   - request: names it, if it is to be kept.
  func requestEnded(
    status: Int, duration: Duration, request: () -> (id: String, method: String, target: String)
  ) {
    let now = ContinuousClock.now
    requestsInFlight.add(-1, ordering: .relaxed)
    answers.withLock { answers in
      answers.counts[min(status / 100, 5)] += 1
      answers.totalDuration += duration
      answers.durations[Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count] += 1
      answers.slowest.removeAll { now - $0.answeredAt > Self.slowestAge }
      let rank = answers.slowest.firstIndex { $0.request.duration < duration } ?? answers.slowest.count
      guard rank < Self.slowestCount else { return }
      if answers.slowest.count == Self.slowestCount { answers.slowest.removeLast() }
      let (id, method, target) = request()
      answers.slowest.insert(
        Slow(
          request: ServerStatistics.Answered(
            id: id, method: method, target: String(target.prefix(Self.targetSize)), status: status,
            duration: duration, age: .zero),
          answeredAt: now),
        at: rank)
    }
  }
}
