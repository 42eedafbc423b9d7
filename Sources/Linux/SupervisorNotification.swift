import CLinux

/// Tells the supervisor that has started this process how it is (sd_notify(3)).
public struct SupervisorNotification: Sendable {
  private let address: String?

  /// - Parameter environment: of the process; without `NOTIFY_SOCKET` nobody is told.
  public init(environment: [String: String]) {
    address = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The process answers requests.
  public func ready() { send("READY=1") }

  /// The process is on its way to its end.
  public func stopping() { send("STOPPING=1") }

  private func send(_ state: String) {
    // A supervisor that has gone cannot be told, and needs not be.
    if let address { _ = linux_notify(address, state) }
  }
}
