import CLinux
import Glibc

/// Notifies the supervisor that started this process of the process's state (sd_notify(3)).
public struct SupervisorNotification: Sendable {
  private let address: String?
  /// The time after which the supervisor restarts a process that has not given a sign of life (sd_watchdog_enabled(3));
  /// nil if it does not ask for signs of life from this process.
  public let watchdogTimeout: Duration?

  /// Makes a notification for the supervisor that an environment names.
  ///
  /// - Parameter environment: the process's environment. Without `NOTIFY_SOCKET`, no supervisor is notified.
  public init(environment: [String: String]) {
    address = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
    let isMeant = environment["WATCHDOG_PID"].map { $0 == String(getpid()) } ?? true
    let microseconds = environment["WATCHDOG_USEC"].flatMap(Int64.init) ?? 0
    watchdogTimeout = address != nil && isMeant && microseconds > 0 ? .microseconds(microseconds) : nil
  }

  /// Reports that the process is ready to answer requests.
  public func ready() { send("READY=1") }

  /// Gives a sign of life.
  public func alive() { send("WATCHDOG=1") }

  /// Asks for more time to become ready, or to stop.
  ///
  /// - Parameter time: the time from now on in which the supervisor will hear from this process again.
  public func extendTimeout(by time: Duration) {
    send("EXTEND_TIMEOUT_USEC=\(Int(time / .microseconds(1)))")
  }

  /// Reports that the process is stopping.
  public func stopping() { send("STOPPING=1") }

  private func send(_ state: String) {
    // A failure is ignored, because a supervisor that is gone does not need to be notified.
    if let address { _ = linux_notify(address, state) }
  }
}
