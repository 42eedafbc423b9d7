/// What a server has done since it started, and what it is doing.
public struct ServerStatistics: Sendable {
  /// A request that was answered.
  public struct Answered: Sendable {
    public let id: String
    public let method: String
    /// Path and query, or the start of them.
    public let target: String
    public let status: Int
    /// Without the time that the client took to accept the answer.
    public let duration: Duration
    /// How long ago it was answered.
    public var age: Duration

    public init(id: String, method: String, target: String, status: Int, duration: Duration, age: Duration) {
      self.id = id
      self.method = method
      self.target = target
      self.status = status
      self.duration = duration
      self.age = age
    }
  }

  /// How many requests took at most so long.
  public struct Bucket: Sendable {
    public let bound: Duration
    public let count: Int

    public init(bound: Duration, count: Int) {
      self.bound = bound
      self.count = count
    }
  }

  public let uptime: Duration
  public let workers: Int
  public let busyWorkers: Int
  public let acceptedConnections: Int
  public let openConnections: Int
  /// Those that wait for a request.
  public let idleConnections: Int
  public let requestsInFlight: Int
  /// How many requests were answered, at the index that is the first digit of the status: 1 to 5.
  public let answered: [Int]
  /// Of all requests that were answered, together.
  public let totalDuration: Duration
  /// By rising bounds; each counts what the ones before it count too.
  public let durations: [Bucket]
  /// The slowest of late, the slowest first.
  public let slowest: [Answered]

  public init(
    uptime: Duration, workers: Int, busyWorkers: Int, acceptedConnections: Int, openConnections: Int,
    idleConnections: Int, requestsInFlight: Int, answered: [Int], totalDuration: Duration,
    durations: [Bucket], slowest: [Answered]
  ) {
    self.uptime = uptime
    self.workers = workers
    self.busyWorkers = busyWorkers
    self.acceptedConnections = acceptedConnections
    self.openConnections = openConnections
    self.idleConnections = idleConnections
    self.requestsInFlight = requestsInFlight
    self.answered = answered
    self.totalDuration = totalDuration
    self.durations = durations
    self.slowest = slowest
  }
}
