import Foundation
public import HTTPCore
public import Linux
public import Logging
import Synchronization

/// A long-lived FastCGI responder, which accepts connections from a web server and answers their requests.
///
/// A few threads share one poll that waits for all connections. A handler runs on the thread that received the request
/// until it first suspends; a waiting connection occupies no thread.
public final class Responder: Sendable {
  public struct Configuration: Sendable {
    /// The number of threads that wait for requests.
    public var workers = ProcessInfo.processInfo.activeProcessorCount
    /// The length of the longest request content that is accepted, in bytes.
    public var maximumBodySize = 1 << 20
    /// The time in which a request must arrive. It gets one second more for each 64 KiB that have arrived.
    public var requestTimeout = Duration.seconds(10)
    /// How long a drain waits for the web server to release its connections, in seconds.
    public var drainTimeout = 30
    /// The duration beyond which a request is logged as slow; nil logs none.
    public var slowRequest: Duration? = .seconds(1)
    /// Whether the supervisor is told that the responder is ready as soon as it answers requests.
    public var isReadyAtStart = true

    public init() {}
  }

  /// The keys in the poll.
  enum Key {
    static let listener: UInt64 = 0
    static let stop: UInt64 = 1
    static let jobs: UInt64 = 2
    static let clock: UInt64 = 3
    static let watchdog: UInt64 = 4
    static let firstConnection: UInt64 = 5
  }

  struct Connections {
    var all: [UInt64: Connection] = [:]
    var nextKey = Key.firstConnection
    /// Whether the listeners are open.
    var isAccepting = true
    /// Whether accepting is paused for lack of descriptors, until a connection is closed.
    var isPaused = false
  }

  let configuration: Configuration
  let logger: Logger
  let meter: RequestMeter
  let supervisor: SupervisorNotification
  private let onDrain: @Sendable () -> Void
  let handler: @Sendable (Request) async -> Response
  let listeners: [ListeningSocket]
  let poll: Epoll
  let maximumConnections: Int
  let connections = Mutex(Connections())
  let arrivals: Arrivals
  let executor: WorkerExecutor
  let watchdog: Watchdog
  private let draining = Atomic(false)
  /// A flag that is set when the responder has stopped.
  let isStopped: ReadableFlag

  /// Makes a responder that does not answer requests until it is started.
  ///
  /// - Parameters:
  ///   - listeners: the sockets to which the web server connects. They are closed when the responder drains.
  ///   - configuration: the number of threads, and the limits.
  ///   - logger: logs what happens to the process, and what is wrong with connections.
  ///   - meter: counts the connections and requests of this responder and of no other.
  ///   - supervisor: is notified when the responder starts answering requests, when a drain starts, and, if it asks for
  ///     that, as long as all workers make progress.
  ///   - onDrain: is called when a drain starts, before anything else happens.
  ///   - handler: answers a request; it may be called on any thread.
  /// - Throws: `SystemCallError` if the system has no more descriptors.
  public init(
    listeners: [ListeningSocket], configuration: Configuration = Configuration(), logger: Logger,
    meter: RequestMeter = RequestMeter(),
    supervisor: SupervisorNotification = SupervisorNotification(environment: [:]),
    onDrain: @escaping @Sendable () -> Void = {}, handler: @escaping @Sendable (Request) async -> Response
  ) throws(SystemCallError) {
    LibfcgiReader.initializeLibrary()
    self.listeners = listeners
    self.configuration = configuration
    self.logger = logger
    self.meter = meter
    self.supervisor = supervisor
    self.onDrain = onDrain
    self.handler = handler
    maximumConnections = Self.raiseMaximumConnections()
    poll = try Epoll()
    executor = try WorkerExecutor()
    isStopped = try ReadableFlag()
    arrivals = try Arrivals(timeout: configuration.requestTimeout)
    watchdog = try Watchdog(workers: configuration.workers)
    meter.observe(arrivals)
    try poll.add(arrivals.clock.descriptor, [.readable, .oneShot], key: Key.clock)
    try poll.add(watchdog.timer.descriptor, [.readable, .oneShot], key: Key.watchdog)
    try poll.add(isStopped.descriptor, .readable, key: Key.stop)
    try poll.add(executor.hasJobs.descriptor, [.readable, .exclusive], key: Key.jobs)
    try watchListeners()
  }

  /// Whether the responder is draining or has stopped.
  public var isDraining: Bool { draining.load(ordering: .relaxed) }

  /// Starts the worker threads, which end when a drain is complete.
  ///
  /// - Throws: `SystemCallError` if this process may not have that many threads.
  public func start() throws(SystemCallError) {
    meter.start(workers: configuration.workers)
    for (index, progress) in watchdog.workers.enumerated() {
      try DetachedThread.start(named: "worker \(index + 1)") { [self] in work(progress) }
    }
    for listener in listeners { logger.info("listening", metadata: ["address": "\(listener.address)"]) }
    if configuration.isReadyAtStart { supervisor.ready() }
    // Several signs of life fit into the time after which the supervisor gives up.
    if let timeout = supervisor.watchdogTimeout { watchdog.timer.start(every: timeout / 4) }
  }

  /// Stops accepting connections, answers the requests that are under way and those that arrive on kept connections,
  /// and stops when the web server has released all connections.
  public func drain() {
    guard !draining.exchange(true, ordering: .relaxed) else { return }
    logger.info("draining")
    supervisor.stopping()
    onDrain()
    connections.withLock { _ in unwatchListeners() }
    for listener in listeners where listener.retire() { acceptWaiting(at: listener) }
    let isOver = connections.withLock { connections in
      connections.isAccepting = false
      for listener in listeners { listener.close() }
      return connections.all.isEmpty
    }
    if isOver { stop() }
  }

  /// Starts the responder and blocks until a drain is complete. A signal starts the drain; a second signal, or the end
  /// of the drain timeout, ends the wait immediately.
  ///
  /// - Parameter signals: the signals, which must be blocked in every thread of the process.
  /// - Throws: `SystemCallError` if the responder cannot start.
  public func run(until signals: Signals) throws(SystemCallError) {
    try start()
    guard signals.termination.wait(orReadable: isStopped.descriptor) == .signal else { return }
    drain()
    switch signals.termination.wait(orReadable: isStopped.descriptor, seconds: configuration.drainTimeout) {
    case .readable: logger.info("drained")
    case .signal: logger.warning("stopped by a second signal before the drain was complete")
    case .timeout: logger.warning("stopped: the web server still holds connections after the drain timeout")
    }
  }

  func stop() {
    isStopped.set()
  }
}
