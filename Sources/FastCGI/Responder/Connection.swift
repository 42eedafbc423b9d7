import Linux
import Synchronization
import SystemPackage

/// A connection from the web server. It carries one request at a time.
///
/// Its descriptor is one-shot in the poll: the thread that is notified of its readiness owns the connection until the
/// descriptor is armed again. The phase identifies notifications that were already under way at that time.
final class Connection: Sendable {
  /// What the thread that was notified must do.
  enum Notification {
    case nothing
    /// The thread owns the connection and must receive a request.
    case receive
    /// The thread owns the connection and must receive the rest of a request.
    indirect case receiveRest(ArrivingRequest)
    /// The thread owns the connection and must close it. The request will not arrive completely.
    indirect case abandon(ArrivingRequest)
  }

  enum Phase {
    /// The descriptor is armed for the next request.
    case idle
    /// A part of a request has arrived. The descriptor is armed for the rest, unless reading is paused.
    case arriving
    /// A thread checks what has arrived, or reads it.
    case receiving
    /// A task produces and sends the response.
    case responding
    /// The descriptor is closed, and may already belong to another connection.
    case closed
  }

  struct State {
    var phase = Phase.idle
    /// The part of a request that has arrived; during a response, what has arrived after the request.
    var arriving: ArrivingRequest?
    var isPaused = false
    /// The number of tasks so far, which shows whether a task that was started is still the current one.
    var serial = 0
    var task: Task<Void, Never>?
    /// The FastCGI request id of the response.
    var requestID: UInt16 = 0
    /// Whether records are read during the response.
    var readsRecords = false
    /// The replies to management records that wait for the end of a record of the response.
    var replies: [UInt8] = []
    /// The records of which the peer did not take all at once.
    var unsent: UnsentRecords?
    var isPeerGone = false
    var isAborted = false
    /// Whether something other than records has arrived during the response.
    var isMalformed = false
    /// How long the task has waited for the peer to take bytes.
    var waitForPeer = Duration.zero
    /// The continuation of the task while it waits for the peer to take more bytes.
    var writable: CheckedContinuation<Void, Never>?
  }

  /// The connection's key, which is unique for the life of the process, unlike the descriptor.
  let key: UInt64
  let descriptor: FileDescriptor
  let limits: ArrivingRequest.Limits
  let poll: Epoll
  let state = Mutex(State())

  init(key: UInt64, descriptor: FileDescriptor, limits: ArrivingRequest.Limits, poll: Epoll) {
    self.key = key
    self.descriptor = descriptor
    self.limits = limits
    self.poll = poll
  }

  /// Handles a notification from the poll.
  ///
  /// - Parameter readiness: what the poll reported.
  /// - Returns: what the caller must do.
  func take(_ readiness: Epoll.Readiness) -> Notification {
    typealias Woken = (Notification, CheckedContinuation<Void, Never>?, Task<Void, Never>?)
    let (notification, writable, cancelled) = state.withLock { state -> Woken in
      switch state.phase {
      case .idle:
        state.phase = .receiving
        return (.receive, nil, nil)
      case .arriving:
        if state.isPaused && !readiness.isBroken { return (.nothing, nil, nil) }
        return (state.receiveRest(), nil, nil)
      case .receiving, .closed:
        return (.nothing, nil, nil)
      case .responding:
        let writable = state.writable
        state.writable = nil
        if readiness.isGone {
          state.isPeerGone = true
        } else {
          if state.readsRecords && readiness.contains(.readable) { readRecords(&state) }
          arm(state)
        }
        return (.nothing, writable, state.isPeerGone || state.isAborted ? state.task : nil)
      }
    }
    cancelled?.cancel()
    writable?.resume()
    return notification
  }

  /// Takes the part of a request that has arrived, if no other thread owns the connection.
  ///
  /// - Returns: the part; nil if the rest is being read at this moment, or reading is paused.
  func takeArriving() -> ArrivingRequest? {
    state.withLock { state in
      guard state.phase == .arriving, !state.isPaused else { return nil }
      state.phase = .receiving
      return state.arriving.take()
    }
  }

  /// Waits for the next request.
  func becomeIdle() {
    state.withLock { state in
      state.phase = .idle
      state.task = nil
      poll.arm(descriptor, [.readable, .peerClosed], key: key)
    }
  }

  /// Waits for the rest of a request.
  ///
  /// - Parameters:
  ///   - request: the part that has arrived.
  ///   - isPaused: whether the rest is not read before `resume()` is called.
  func wait(for request: ArrivingRequest, isPaused: Bool) {
    state.withLock { state in
      state.phase = .arriving
      state.task = nil
      state.arriving = request
      state.isPaused = isPaused
      // A paused connection is still reported when both sides have closed it.
      poll.arm(descriptor, isPaused ? [] : [.readable, .peerClosed], key: key)
    }
  }

  /// Ends the pause in reading.
  func resume() {
    state.withLock { state in
      guard state.phase == .arriving, state.isPaused else { return }
      state.isPaused = false
      poll.arm(descriptor, [.readable, .peerClosed], key: key)
    }
  }

  /// Closes the descriptor.
  ///
  /// - Parameter isOpen: false if libfcgi has already closed it.
  func close(isOpen: Bool) {
    state.withLock { state in
      state.phase = .closed
      state.task = nil
      (state.arriving, state.unsent) = (nil, nil)
      if isOpen { try? descriptor.close() }
    }
  }

  /// Runs the task that answers the received request. The task is cancelled when the peer disconnects or aborts it.
  ///
  /// - Parameters:
  ///   - executor: the executor on which the task runs.
  ///   - startsHere: whether the task runs on this thread until it first suspends.
  ///   - requestID: the FastCGI request id.
  ///   - readsRecords: whether aborts and management records are read meanwhile.
  ///   - operation: what the task does.
  func respond(
    on executor: any TaskExecutor, startsHere: Bool, requestID: UInt16, readsRecords: Bool,
    _ operation: @escaping @isolated(any) @Sendable () async -> Void
  ) {
    let serial = state.withLock { state in
      state.phase = .responding
      state.serial += 1
      state.requestID = requestID
      state.readsRecords = readsRecords
      state.isAborted = false
      state.waitForPeer = .zero
      return state.serial
    }
    let task =
      startsHere
      ? Task.immediate(executorPreference: executor, operation: operation)
      : Task(executorPreference: executor, operation: operation)
    own(task, serial: serial)
  }

  /// Runs a task that goes on with the response, in the place of the one that calls this and that does nothing more.
  ///
  /// - Parameter operation: what the task does.
  func goOn(_ operation: @escaping @isolated(any) @Sendable () async -> Void) {
    let serial = state.withLock { state in
      state.serial += 1
      return state.serial
    }
    own(Task.detached(operation: operation), serial: serial)
  }

  /// Makes a task the one that is cancelled when the peer disconnects, unless another has taken its place.
  private func own(_ task: Task<Void, Never>, serial: Int) {
    let isCancelled = state.withLock { state in
      guard state.serial == serial, state.phase == .responding else { return false }
      state.task = task
      if state.writable == nil { arm(state) }
      return state.isPeerGone || state.isAborted
    }
    if isCancelled { task.cancel() }
  }

  /// Arms the descriptor for what the peer may do during a response.
  func arm(_ state: State, _ readiness: Epoll.Readiness = []) {
    let records: Epoll.Readiness = state.readsRecords ? .readable : []
    poll.arm(descriptor, [readiness, records, .peerClosed], key: key)
  }
}

extension Connection.State {
  fileprivate mutating func receiveRest() -> Connection.Notification {
    phase = .receiving
    defer { isPaused = false }
    guard let request = arriving.take() else { return .receive }
    return isPaused ? .abandon(request) : .receiveRest(request)
  }
}
