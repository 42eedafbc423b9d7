import Foundation
public import HTTPCore
public import Linux
public import Logging
import Synchronization

/// A long-lived FastCGI responder: accepts connections from a web server and answers their requests.
///
/// A few threads wait on one poll for every connection. What a handler does before it first suspends runs on
/// the thread that received the request; a connection that waits costs no thread.
public final class Responder: Sendable {
  public struct Configuration: Sendable {
    /// Threads that wait for requests.
    public var workers = ProcessInfo.processInfo.activeProcessorCount
    /// The longest content of a request that is accepted, in bytes.
    public var maximumBodySize = 1 << 20
    /// How long a drain waits until the web server has let go of its connections, in seconds.
    public var drainTimeout = 30
    /// A request that takes longer is logged; nil logs none.
    public var slowRequest: Duration? = .seconds(1)

    public init() {}
  }

  /// The keys in the poll.
  enum Key {
    static let listener: UInt64 = 0
    static let stop: UInt64 = 1
    static let jobs: UInt64 = 2
    static let firstConnection: UInt64 = 3
  }

  struct Connections {
    var all: [UInt64: Connection] = [:]
    var nextKey = Key.firstConnection
    /// Whether the listener is open.
    var isAccepting = true
    /// Nothing is accepted for want of descriptors, until a connection is closed.
    var isPaused = false
  }

  let configuration: Configuration
  let logger: Logger
  let meter: RequestMeter
  private let supervisor: SupervisorNotification
  private let onDrain: @Sendable () -> Void
  let handler: @Sendable (Request) async -> Response
  let listener: ListeningSocket
  let poll: Epoll
  let maximumConnections: Int
  let connections = Mutex(Connections())
  let receptions = ReceptionThreads()
  let executor: WorkerExecutor
  private let draining = Atomic(false)
  /// Is set when everything is over.
  let isStopped: ReadableFlag

  /// - Parameters:
  ///   - listener: is closed when the responder drains.
  ///   - configuration: threads and limits.
  ///   - logger: is told what happens to the process, and of what is wrong with connections.
  ///   - meter: counts what this responder does, and no other one.
  ///   - supervisor: is told when requests are answered, and when a drain starts.
  ///   - onDrain: is called when a drain starts, before anything else happens.
  ///   - handler: answers a request; it is called from any thread.
  /// - Throws: when the system has no more descriptors.
  public init(
    listener: ListeningSocket, configuration: Configuration = Configuration(), logger: Logger,
    meter: RequestMeter = RequestMeter(),
    supervisor: SupervisorNotification = SupervisorNotification(environment: [:]),
    onDrain: @escaping @Sendable () -> Void = {}, handler: @escaping @Sendable (Request) async -> Response
  ) throws(SystemCallError) {
    RequestReceiver.initializeLibrary()
    self.listener = listener
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
    try poll.add(isStopped.descriptor, .readable, key: Key.stop)
    try poll.add(executor.hasJobs.descriptor, [.readable, .exclusive], key: Key.jobs)
    try poll.add(listener.descriptor, [.readable, .exclusive], key: Key.listener)
  }

  /// Whether the responder is on its way to its end.
  public var isDraining: Bool { draining.load(ordering: .relaxed) }

  /// Starts the worker threads; they end when a drain is complete.
  ///
  /// - Throws: when this process may not have so many threads.
  public func start() throws(SystemCallError) {
    meter.start(workers: configuration.workers)
    for number in 1...configuration.workers {
      try DetachedThread.start(named: "worker \(number)", work)
    }
    logger.info("listening", metadata: ["address": "\(listener.address)"])
    supervisor.ready()
  }

  /// Stops accepting, answers what is under way and what arrives on kept connections, and stops when the web
  /// server has let go of them all.
  public func drain() {
    guard !draining.exchange(true, ordering: .relaxed) else { return }
    logger.info("draining")
    supervisor.stopping()
    onDrain()
    connections.withLock { _ in poll.remove(listener.descriptor) }
    if listener.retire() { acceptWaiting() }
    let isOver = connections.withLock { connections in
      connections.isAccepting = false
      listener.close()
      return connections.all.isEmpty
    }
    if isOver { stop() }
  }

  /// Starts, and blocks until a drain is complete. A signal starts the drain; a second one, or the end of the drain
  /// timeout, ends the wait at once.
  ///
  /// - Parameter signals: blocked in every thread of the process.
  /// - Throws: when it cannot start.
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
