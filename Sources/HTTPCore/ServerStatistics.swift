/// What a server has done since it started, and what it is doing at the moment.
public struct ServerStatistics: Sendable {
  /// A request that was answered.
  public struct Answered: Sendable {
    public let id: String
    public let method: String
    /// The path and the query, or the beginning of them.
    public let target: String
    public let status: Int
    /// How long answering took, without the time that the client took to accept the response.
    public let duration: Duration
    /// The time since the request was answered.
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

  /// The number of requests that took at most a certain time.
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
  /// The open connections that are waiting for a request.
  public let idleConnections: Int
  public let requestsInFlight: Int
  /// The number of requests of which only a part has arrived.
  public let arrivingRequests: Int
  /// The memory that requests hold which arrived in pieces, in bytes.
  public let arrivingBytes: Int
  /// The number of log lines that were dropped because the log took none.
  public let droppedLogLines: Int
  /// The number of requests that were answered; the index is the first digit of the status, 1 to 5.
  public let answered: [Int]
  /// The durations of all answered requests, added up.
  public let totalDuration: Duration
  /// The answered requests by duration, in buckets with rising bounds; each bucket includes those before it.
  public let durations: [Bucket]
  /// The slowest recent requests, the slowest first.
  public let slowest: [Answered]

  public init(
    uptime: Duration, workers: Int, busyWorkers: Int, acceptedConnections: Int, openConnections: Int,
    idleConnections: Int, requestsInFlight: Int, arrivingRequests: Int, arrivingBytes: Int,
    droppedLogLines: Int, answered: [Int], totalDuration: Duration, durations: [Bucket], slowest: [Answered]
  ) {
    self.uptime = uptime
    self.workers = workers
    self.busyWorkers = busyWorkers
    self.acceptedConnections = acceptedConnections
    self.openConnections = openConnections
    self.idleConnections = idleConnections
    self.requestsInFlight = requestsInFlight
    self.arrivingRequests = arrivingRequests
    self.arrivingBytes = arrivingBytes
    self.droppedLogLines = droppedLogLines
    self.answered = answered
    self.totalDuration = totalDuration
    self.durations = durations
    self.slowest = slowest
  }
}
