import CLinux
import Glibc
public import SystemPackage

/// A timer with a descriptor that becomes readable again and again: timerfd_create(2).
public final class PeriodicTimer: Sendable {
  /// The timer's descriptor, which is closed when the timer is deinitialized.
  public let descriptor: FileDescriptor

  /// Makes a timer that is not running.
  ///
  /// - Throws: `SystemCallError` if the system has no more descriptors.
  public init() throws(SystemCallError) {
    descriptor = FileDescriptor(
      rawValue: try systemCall(
        "timerfd_create", timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK))))
  }

  deinit {
    try? descriptor.close()
  }

  /// Makes the descriptor readable after each period, until it is cleared.
  ///
  /// - Parameter period: the time between two ticks, which is more than zero.
  public func start(every period: Duration) {
    let (seconds, attoseconds) = period.components
    set(timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000)))
  }

  public func stop() {
    set(timespec())
  }

  /// Makes the descriptor unreadable until the next tick.
  public func clear() {
    var count: UInt64 = 0
    _ = read(descriptor.rawValue, &count, MemoryLayout.size(ofValue: count))
  }

  private func set(_ period: timespec) {
    var times = itimerspec(it_interval: period, it_value: period)
    _ = timerfd_settime(descriptor.rawValue, 0, &times, nil)
  }
}
