import Linux
import Synchronization
import SystemPackage

/// One connection from the web server. It carries one request at a time.
///
/// Its descriptor waits in the poll as one-shot: whoever is told that it is ready owns the connection until it
/// is armed again. What was already on its way when that happened is told apart by the phase.
final class Connection: Sendable {
  private enum Phase {
    /// Armed for the next request.
    case idle
    /// A thread looks at what has arrived, or reads it.
    case receiving
    /// A task makes and sends the response.
    case responding
    /// The descriptor may already be another connection's.
    case closed
  }

  private struct State {
    var phase = Phase.idle
    /// Counts requests, to tell whether a task that was started is still the current one.
    var serial = 0
    var task: Task<Void, Never>?
    var isPeerGone = false
    /// How long the task has waited for the peer to take bytes.
    var waitForPeer = Duration.zero
    /// The task waits until the peer takes more bytes.
    var writable: CheckedContinuation<Void, Never>?
  }

  /// Unique for the life of the process, unlike the descriptor.
  let key: UInt64
  let descriptor: FileDescriptor
  private let poll: Epoll
  private let state = Mutex(State())

  init(key: UInt64, descriptor: FileDescriptor, poll: Epoll) {
    self.key = key
    self.descriptor = descriptor
    self.poll = poll
  }

  /// Takes note of what the poll has found.
  ///
  /// - Returns: true when the caller now owns the connection and is to receive a request.
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
  /// - Parameter isOpen: false when libfcgi has closed it.
  func close(isOpen: Bool) {
    state.withLock { state in
      state.phase = .closed
      state.task = nil
      if isOpen { try? descriptor.close() }
    }
  }

  /// Runs the task that answers the request which was received. The task is cancelled when the peer goes away.
  ///
  /// - Parameters:
  ///   - executor: where the task runs.
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

  /// Sends bytes without blocking the thread; suspends while the peer takes no more.
  ///
  /// - Throws: `PeerGone`; what was sent until then may end anywhere.
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

  /// How long the current response has waited until the peer took bytes.
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
