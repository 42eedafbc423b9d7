import Glibc
public import SystemPackage

extension FileDescriptor {
  /// What ends a wait.
  public enum Wakening: Sendable {
    /// The input can be read, or has ended.
    case readable
    /// The time is over.
    case timedOut
    /// Nobody reads the output any longer.
    case outputClosed
  }

  /// Waits for input on behalf of whoever reads this descriptor's other end, which is an output.
  ///
  /// - Parameters:
  ///   - input: the descriptor to wait for; nil waits only for the time.
  ///   - duration: the longest wait; nil waits for any time.
  /// - Returns: what has happened first.
  public func wait(untilReadable input: FileDescriptor?, for duration: Duration? = nil) -> Wakening {
    let deadline = duration.map { ContinuousClock.now + $0 }
    while true {
      // A pipe without readers has an error, which nobody needs to ask for.
      var descriptors = [
        pollfd(fd: rawValue, events: 0, revents: 0),
        pollfd(fd: input?.rawValue ?? -1, events: Int16(POLLIN), revents: 0),
      ]
      let rest = deadline.map { max(.zero, $0 - .now) / .milliseconds(1) }
      let count = poll(&descriptors, 2, rest.map { Int32(min($0.rounded(.up), 1e9)) } ?? -1)
      if count > 0 { return descriptors[0].revents != 0 ? .outputClosed : .readable }
      if let deadline, deadline <= .now { return .timedOut }
    }
  }
}
