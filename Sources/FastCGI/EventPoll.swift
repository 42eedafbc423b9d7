import CEpoll
import Glibc

/// A set of descriptors whose readiness threads wait for: epoll(7).
struct EventPoll: Sendable {
  /// What to wait for, and what came; `hangUp` and `failure` come unasked.
  struct Events: OptionSet, Sendable {
    let rawValue: UInt32

    static let readable = Events(rawValue: UInt32(CEPOLL_IN))
    static let writable = Events(rawValue: UInt32(CEPOLL_OUT))
    static let peerClosed = Events(rawValue: UInt32(CEPOLL_RDHUP))
    static let hangUp = Events(rawValue: UInt32(CEPOLL_HUP))
    static let failure = Events(rawValue: UInt32(CEPOLL_ERR))
    /// The descriptor is not waited for again until it is armed again.
    static let oneShot = Events(rawValue: UInt32(CEPOLL_ONESHOT))
    /// Of several processes that wait for one descriptor, not all are woken.
    static let exclusive = Events(rawValue: UInt32(CEPOLL_EXCLUSIVE))

    var isGone: Bool { !isDisjoint(with: [.peerClosed, .hangUp, .failure]) }
  }

  private let descriptor: Int32

  init() throws(SystemError) {
    descriptor = epoll_create1(O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError("epoll_create1") }
  }

  /// Waits for a descriptor from now on.
  ///
  /// - Parameters:
  ///   - descriptor: leaves the set by itself when it is closed.
  ///   - events: what to wait for.
  ///   - key: comes back with the descriptor's events.
  /// - Throws: when the system has no room for it.
  func add(_ descriptor: Int32, _ events: Events, key: UInt64) throws(SystemError) {
    guard cepoll_control(self.descriptor, EPOLL_CTL_ADD, descriptor, events.rawValue, key) == 0 else {
      throw SystemError("epoll_ctl")
    }
  }

  /// Waits again for a descriptor that was added as one-shot.
  func arm(_ descriptor: Int32, _ events: Events, key: UInt64) {
    _ = cepoll_control(
      self.descriptor, EPOLL_CTL_MOD, descriptor, events.union(.oneShot).rawValue, key)
  }

  func remove(_ descriptor: Int32) {
    _ = cepoll_control(self.descriptor, EPOLL_CTL_DEL, descriptor, 0, 0)
  }

  /// Waits until a descriptor is ready.
  ///
  /// - Parameter buffer: room for as many events as one call may return.
  /// - Returns: how many events are in `buffer`.
  func wait(into buffer: inout [epoll_event]) -> Int {
    max(0, Int(epoll_wait(descriptor, &buffer, Int32(buffer.count), -1)))
  }
}
