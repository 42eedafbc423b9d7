import CLinux
import Glibc
public import SystemPackage

/// The signals that end a long-lived process. This is the only place that waits for them.
public struct TerminationSignals: Sendable {
  /// The reason why a wait ended.
  public enum Wake: Sendable {
    case signal
    case readable
    case timeout
  }

  private let descriptor: FileDescriptor

  /// Blocks all signals except QUIT and ABRT, which still end the process, in this thread and in all threads that it
  /// starts afterwards. A supervisor sends ABRT to a process that hangs. No signal can then interrupt a system call.
  ///
  /// - Throws: `SystemCallError` if the system has no more descriptors.
  public init() throws(SystemCallError) {
    var all = sigset_t()
    sigfillset(&all)
    sigdelset(&all, SIGQUIT)
    sigdelset(&all, SIGABRT)
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
  ///   - other: a descriptor, which this function does not read.
  ///   - seconds: the maximum time to wait, in seconds; nil waits without a limit.
  /// - Returns: the reason why the wait ended.
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
