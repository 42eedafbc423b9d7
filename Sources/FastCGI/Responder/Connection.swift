import Linux
import Synchronization
import SystemPackage

/// A connection from the web server. It carries one request at a time.
///
/// Its descriptor is one-shot in the poll: the thread that is notified of its readiness owns the connection until the
/// descriptor is armed again. The phase identifies notifications that were already under way at that time.
final class Connection: Sendable {
  private enum Phase {
    /// The descriptor is armed for the next request.
    case idle
    /// A thread checks what has arrived, or reads it.
    case receiving
    /// A task produces and sends the response.
    case responding
    /// The descriptor is closed, and may already belong to another connection.
    case closed
  }

  private struct State {
    var phase = Phase.idle
    /// The number of requests so far, which shows whether a task that was started is still the current one.
    var serial = 0
    var task: Task<Void, Never>?
    var isPeerGone = false
    /// How long the task has waited for the peer to take bytes.
    var waitForPeer = Duration.zero
    /// The continuation of the task while it waits for the peer to take more bytes.
    var writable: CheckedContinuation<Void, Never>?
  }

  /// The connection's key, which is unique for the life of the process, unlike the descriptor.
  let key: UInt64
  let descriptor: FileDescriptor
  private let poll: Epoll
  private let state = Mutex(State())

  init(key: UInt64, descriptor: FileDescriptor, poll: Epoll) {
    self.key = key
    self.descriptor = descriptor
    self.poll = poll
  }

  /// Handles a notification from the poll.
  ///
  /// - Parameter readiness: what the poll reported.
  /// - Returns: true if the caller now owns the connection and must receive a request.
  func take(_ readiness: Epoll.Readiness) -> Bool {
    let (mayReceive, writable, cancelled) = state.withLock { state in
      switch state.phase {
      case .idle:
        state.phase = .receiving
        return (true, nil as CheckedContinuation<Void, Never>?, nil as Task<Void, Never>?)
      case .receiving, .closed:
        return (false, nil, nil)
      case .responding:
        let writable = state.writable
        state.writable = nil
        if readiness.isGone {
          state.isPeerGone = true
        } else {
          poll.arm(descriptor, .peerClosed, key: key)
        }
        return (false, writable, readiness.isGone ? state.task : nil)
      }
    }
    cancelled?.cancel()
    writable?.resume()
    return mayReceive
  }

  /// Waits for the next request.
  func becomeIdle() {
    state.withLock { state in
      state.phase = .idle
      state.task = nil
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
      if isOpen { try? descriptor.close() }
    }
  }

  /// Runs the task that answers the received request. The task is cancelled when the peer disconnects.
  ///
  /// - Parameters:
  ///   - executor: the executor on which the task runs.
  ///   - startsHere: whether the task runs on this thread until it first suspends.
  ///   - operation: what the task does.
  func respond(
    on executor: any TaskExecutor, startsHere: Bool, _ operation: @escaping @Sendable () async -> Void
  ) {
    let serial = state.withLock { state in
      state.phase = .responding
      state.serial += 1
      state.waitForPeer = .zero
      return state.serial
    }
    let task =
      startsHere
      ? Task.immediate(executorPreference: executor, operation: operation)
      : Task(executorPreference: executor, operation: operation)
    let isPeerGone = state.withLock { state in
      guard state.serial == serial, state.phase == .responding else { return false }
      state.task = task
      if state.writable == nil { poll.arm(descriptor, .peerClosed, key: key) }
      return state.isPeerGone
    }
    if isPeerGone { task.cancel() }
  }

  /// Sends bytes without blocking the thread, and suspends while the peer takes no more.
  ///
  /// - Throws: `PeerGone`; what was sent before that may end anywhere.
  func send(_ bytes: [UInt8]) async throws(PeerGone) {
    var sent = 0
    while sent < bytes.count {
      do throws(SystemCallError) {
        sent += try descriptor.send(bytes, from: sent)
      } catch {
        switch error.errno {
        case .wouldBlock: try await untilWritable()
        case .interrupted: break
        default: throw PeerGone()
        }
      }
    }
  }

  /// How long the current response has waited for the peer to take bytes.
  var waitForPeer: Duration { state.withLock(\.waitForPeer) }

  private func untilWritable() async throws(PeerGone) {
    let start = ContinuousClock.now
    defer { state.withLock { $0.waitForPeer += .now - start } }
    await withCheckedContinuation { continuation in
      let isPeerGone = state.withLock { state in
        if !state.isPeerGone {
          state.writable = continuation
          poll.arm(descriptor, [.writable, .peerClosed], key: key)
        }
        return state.isPeerGone
      }
      if isPeerGone { continuation.resume() }
    }
    if state.withLock(\.isPeerGone) { throw PeerGone() }
  }
}
