import CLinux
import Glibc
public import SystemPackage

/// A set of descriptors whose readiness threads can wait for: epoll(7).
public struct Epoll: Sendable {
  /// The conditions to wait for, and those that were reported. `hangUp` and `failure` are reported without being asked
  /// for.
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
    /// After one report, the descriptor is not reported again until it is armed again.
    public static let oneShot = Readiness(rawValue: UInt32(LINUX_EPOLLONESHOT))
    /// If several processes wait for one descriptor, not all of them are woken.
    public static let exclusive = Readiness(rawValue: UInt32(LINUX_EPOLLEXCLUSIVE))

    /// Whether the peer sends no more, or the descriptor can no longer be used.
    public var isGone: Bool { !isDisjoint(with: [.peerClosed, .hangUp, .failure]) }
    /// Whether the descriptor can no longer be used.
    public var isBroken: Bool { !isDisjoint(with: [.hangUp, .failure]) }
  }

  /// The descriptors that one wait reported as ready.
  public struct Batch {
    fileprivate var found: [epoll_event]
    public fileprivate(set) var count = 0

    /// Makes an empty batch.
    ///
    /// - Parameter capacity: the maximum number of descriptors that one wait reports.
    public init(capacity: Int) {
      found = [epoll_event](repeating: epoll_event(), count: capacity)
    }

    /// Returns a descriptor that is ready.
    ///
    /// - Parameter index: an index of at least 0 and below `count`.
    /// - Returns: the key with which the descriptor was added, and its readiness.
    public subscript(index: Int) -> (key: UInt64, readiness: Readiness) {
      (found[index].data.u64, Readiness(rawValue: found[index].events))
    }
  }

  private let descriptor: Int32

  /// Makes an empty set.
  ///
  /// - Throws: `SystemCallError` if the system has no more descriptors.
  public init() throws(SystemCallError) {
    descriptor = try systemCall("epoll_create1", epoll_create1(O_CLOEXEC))
  }

  /// Adds a descriptor to the set.
  ///
  /// - Parameters:
  ///   - descriptor: the descriptor, which leaves the set by itself when it is closed.
  ///   - readiness: the conditions to wait for.
  ///   - key: a value that is reported together with the descriptor's readiness.
  /// - Throws: `SystemCallError` if the system has no room for it.
  public func add(
    _ descriptor: FileDescriptor, _ readiness: Readiness, key: UInt64
  ) throws(SystemCallError) {
    try systemCall(
      "epoll_ctl",
      linux_epoll_control(self.descriptor, EPOLL_CTL_ADD, descriptor.rawValue, readiness.rawValue, key))
  }

  /// Arms a descriptor that was added as one-shot, so that it is reported once more.
  ///
  /// - Parameters:
  ///   - descriptor: a descriptor in the set.
  ///   - readiness: the conditions to wait for, once.
  ///   - key: a value that is reported together with the descriptor's readiness.
  public func arm(_ descriptor: FileDescriptor, _ readiness: Readiness, key: UInt64) {
    _ = linux_epoll_control(
      self.descriptor, EPOLL_CTL_MOD, descriptor.rawValue, readiness.union(.oneShot).rawValue, key)
  }

  /// Removes a descriptor from the set.
  ///
  /// - Parameter descriptor: a descriptor in the set.
  public func remove(_ descriptor: FileDescriptor) {
    _ = linux_epoll_control(self.descriptor, EPOLL_CTL_DEL, descriptor.rawValue, 0, 0)
  }

  /// Waits until a descriptor is ready.
  ///
  /// - Parameter batch: receives the descriptors that are ready.
  public func wait(into batch: inout Batch) {
    batch.count = max(0, Int(epoll_wait(descriptor, &batch.found, Int32(batch.found.count), -1)))
  }
}
