import CLinux
import Glibc
public import SystemPackage

/// The signals that end a long-lived process, and the one place that waits for them.
public struct TerminationSignals: Sendable {
  /// What ended a wait.
  public enum Wake: Sendable {
    case signal
    case readable
    case timeout
  }

  private let descriptor: FileDescriptor

  /// Blocks all signals in this thread, and in those that it starts from now on, so that none can cut a system
  /// call short; QUIT still ends the process.
  ///
  /// - Throws: when the system has no more descriptors.
  public init() throws(SystemCallError) {
    var all = sigset_t()
    sigfillset(&all)
    sigdelset(&all, SIGQUIT)
    pthread_sigmask(SIG_BLOCK, &all, nil)

    var awaited = sigset_t()
    sigemptyset(&awaited)
    for signal in [SIGTERM, SIGINT, SIGUSR1, SIGHUP] { sigaddset(&awaited, signal) }
    descriptor = FileDescriptor(
      rawValue: try systemCall("signalfd", signalfd(-1, &awaited, Int32(SFD_CLOEXEC))))
  }

  /// Waits for the next signal, or until another descriptor is readable.
  ///
  /// - Parameters:
  ///   - other: is not read.
  ///   - seconds: how long to wait; nil is for ever.
  /// - Returns: what ended the wait.
  public func wait(orReadable other: FileDescriptor, seconds: Int? = nil) -> Wake {
    var descriptors = [descriptor, other].map { pollfd(fd: $0.rawValue, events: Int16(POLLIN), revents: 0) }
    let deadline = seconds.map { ContinuousClock.now + .seconds($0) }
    while true {
      let milliseconds = deadline.map { max(0, ($0 - .now) / .milliseconds(1)).rounded(.up) } ?? -1
      let count = poll(&descriptors, nfds_t(descriptors.count), Int32(milliseconds))
      if descriptors[1].revents != 0 { return .readable }
      if descriptors[0].revents != 0 {
        var information = signalfd_siginfo()
        _ = read(descriptor.rawValue, &information, MemoryLayout.size(ofValue: information))
        return .signal
      }
      if count == 0 { return .timeout }
    }
  }
}
