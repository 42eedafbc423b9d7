import CLinux
import Glibc
public import SystemPackage

/// A set of descriptors whose readiness threads wait for: epoll(7).
public struct Epoll: Sendable {
  /// What to wait for, and what has come; `hangUp` and `failure` come unasked.
  public struct Readiness: OptionSet, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
      self.rawValue = rawValue
    }

    public static let readable = Readiness(rawValue: UInt32(LINUX_EPOLLIN))
    public static let writable = Readiness(rawValue: UInt32(LINUX_EPOLLOUT))
    public static let peerClosed = Readiness(rawValue: UInt32(LINUX_EPOLLRDHUP))
    public static let hangUp = Readiness(rawValue: UInt32(LINUX_EPOLLHUP))
    public static let failure = Readiness(rawValue: UInt32(LINUX_EPOLLERR))
    /// The descriptor is not waited for again until it is armed again.
    public static let oneShot = Readiness(rawValue: UInt32(LINUX_EPOLLONESHOT))
    /// Of several processes that wait for one descriptor, not all are woken.
    public static let exclusive = Readiness(rawValue: UInt32(LINUX_EPOLLEXCLUSIVE))

    /// Whether the peer sends no more, or the descriptor is of no more use.
    public var isGone: Bool { !isDisjoint(with: [.peerClosed, .hangUp, .failure]) }
  }

  /// The descriptors that one wait has found ready.
  public struct Batch {
    fileprivate var found: [epoll_event]
    public fileprivate(set) var count = 0

    /// - Parameter capacity: the most descriptors that one wait returns.
    public init(capacity: Int) {
      found = [epoll_event](repeating: epoll_event(), count: capacity)
    }

    /// - Parameter index: from 0 to below `count`.
    /// - Returns: the key with which the descriptor was added, and its readiness.
    public subscript(index: Int) -> (key: UInt64, readiness: Readiness) {
      (found[index].data.u64, Readiness(rawValue: found[index].events))
    }
  }

  private let descriptor: Int32

  /// - Throws: when the system has no more descriptors.
  public init() throws(SystemCallError) {
    descriptor = try systemCall("epoll_create1", epoll_create1(O_CLOEXEC))
  }

  /// Waits for a descriptor from now on.
  ///
  /// - Parameters:
  ///   - descriptor: leaves the set by itself when it is closed.
  ///   - readiness: what to wait for.
  ///   - key: comes back with the descriptor's readiness.
  /// - Throws: when the system has no room for it.
  public func add(
    _ descriptor: FileDescriptor, _ readiness: Readiness, key: UInt64
  ) throws(SystemCallError) {
    try systemCall(
      "epoll_ctl",
      linux_epoll_control(self.descriptor, EPOLL_CTL_ADD, descriptor.rawValue, readiness.rawValue, key))
  }

  /// Waits again for a descriptor that was added as one-shot.
  ///
  /// - Parameters:
  ///   - descriptor: is in the set.
  ///   - readiness: what to wait for, once.
  ///   - key: comes back with the descriptor's readiness.
  public func arm(_ descriptor: FileDescriptor, _ readiness: Readiness, key: UInt64) {
    _ = linux_epoll_control(
      self.descriptor, EPOLL_CTL_MOD, descriptor.rawValue, readiness.union(.oneShot).rawValue, key)
  }

  /// Waits for a descriptor no longer.
  public func remove(_ descriptor: FileDescriptor) {
    _ = linux_epoll_control(self.descriptor, EPOLL_CTL_DEL, descriptor.rawValue, 0, 0)
  }

  /// Waits until a descriptor is ready.
  ///
  /// - Parameter batch: takes the descriptors that are ready.
  public func wait(into batch: inout Batch) {
    batch.count = max(0, Int(epoll_wait(descriptor, &batch.found, Int32(batch.found.count), -1)))
  }
}
