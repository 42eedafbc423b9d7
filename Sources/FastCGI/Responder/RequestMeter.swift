public import HTTPCore
import Synchronization

/// Counts the connections and requests of a responder.
public final class RequestMeter: Sendable {
  /// How many characters of a target are kept.
  private static let targetSize = 200
  private static let bounds: [Duration] = [
    .milliseconds(1), .milliseconds(5), .milliseconds(25), .milliseconds(100), .milliseconds(500),
    .milliseconds(2500), .seconds(10),
  ]

  private struct Answers {
    /// The number of responses by the first digit of their status.
    var counts = [0, 0, 0, 0, 0, 0]
    var totalDuration = Duration.zero
    /// How many requests took at most the bound at the same index, but longer than the bound before it. The last
    /// element counts those that took longer than every bound.
    var durations = [Int](repeating: 0, count: bounds.count + 1)
    var slowest = SlowestRequests()
  }

  private let startedAt = ContinuousClock.now
  private let workers = Atomic(0)
  private let busyWorkers = Atomic(0)
  private let acceptedConnections = Atomic(0)
  private let openConnections = Atomic(0)
  private let requestsInFlight = Atomic(0)
  private let answers = Mutex(Answers())
  private let arrivals = Mutex<Arrivals?>(nil)
  private let droppedLogLines: @Sendable () -> Int

  /// Makes a meter that has counted nothing.
  ///
  /// - Parameter droppedLogLines: returns the number of log lines that were dropped.
  public init(droppedLogLines: @escaping @Sendable () -> Int = { 0 }) {
    self.droppedLogLines = droppedLogLines
  }

  /// Returns the current counts.
  ///
  /// - Returns: the counts at this moment.
  public func statistics() -> ServerStatistics {
    let now = ContinuousClock.now
    let (answers, slowest) = answers.withLock { ($0, $0.slowest.all(at: now)) }
    var count = 0
    let durations = zip(Self.bounds, answers.durations).map { bound, more in
      count += more
      return ServerStatistics.Bucket(bound: bound, count: count)
    }
    let open = openConnections.load(ordering: .relaxed)
    let inFlight = requestsInFlight.load(ordering: .relaxed)
    let arriving = arrivals.withLock(\.self)?.statistics ?? (count: 0, heldSize: 0)
    return ServerStatistics(
      uptime: now - startedAt, workers: workers.load(ordering: .relaxed),
      busyWorkers: busyWorkers.load(ordering: .relaxed),
      acceptedConnections: acceptedConnections.load(ordering: .relaxed), openConnections: open,
      idleConnections: max(0, open - inFlight - arriving.count), requestsInFlight: inFlight,
      arrivingRequests: arriving.count, arrivingBytes: arriving.heldSize, droppedLogLines: droppedLogLines(),
      answered: answers.counts, totalDuration: answers.totalDuration, durations: durations, slowest: slowest)
  }

  func start(workers count: Int) {
    workers.store(count, ordering: .relaxed)
  }

  func observe(_ arrivals: Arrivals) {
    self.arrivals.withLock { $0 = arrivals }
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

  /// Counts a request that was answered.
  ///
  /// - Parameters:
  ///   - status: the response's status code.
  ///   - duration: the time that the request took, without the time that the peer took to accept the response.
  ///   - request: names the request; it is called only if the request is among the slowest.
  func requestEnded(
    status: Int, duration: Duration, request: () -> (id: String, method: String, target: String)
  ) {
    let now = ContinuousClock.now
    requestsInFlight.add(-1, ordering: .relaxed)
    answers.withLock { answers in
      answers.counts[min(status / 100, 5)] += 1
      answers.totalDuration += duration
      answers.durations[Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count] += 1
      answers.slowest.add(duration, at: now) {
        let (id, method, target) = request()
        return ServerStatistics.Answered(
          id: id, method: method, target: String(target.prefix(Self.targetSize)), status: status,
          duration: duration, age: .zero)
      }
    }
  }
}
