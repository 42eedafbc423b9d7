import CLinux
import Glibc
public import SystemPackage

/// The signals with which people end and pause a command: INT, TERM, HUP and TSTP. While this value is used, they take
/// effect only where the command asks for them, so that none of them stops it in the middle of a transaction.
public struct CommandSignals: Sendable {
  private let descriptor: FileDescriptor

  /// Blocks the signals in this thread and in all threads that it starts afterwards, except for those that whoever
  /// started the process has chosen to ignore, as nohup(1) does.
  ///
  /// - Throws: `SystemCallError` if the system has no more descriptors.
  public init() throws(SystemCallError) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGTSTP] where linux_is_ignored(signal) == 0 {
      sigaddset(&signals, signal)
    }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    descriptor = FileDescriptor(
      rawValue: try systemCall("signalfd", signalfd(-1, &signals, Int32(SFD_CLOEXEC | SFD_NONBLOCK))))
  }

  /// Lets the signals that have arrived take effect: TSTP stops the process until it is continued.
  ///
  /// - Throws: `Interruption` if one of the other signals has arrived.
  public func check() throws(Interruption) {
    var information = signalfd_siginfo()
    let size = MemoryLayout.size(ofValue: information)
    while Glibc.read(descriptor.rawValue, &information, size) == size {
      guard information.ssi_signo == SIGTSTP else { throw Interruption(signal: Int32(information.ssi_signo)) }
      kill(getpid(), SIGSTOP)
    }
  }

  /// Waits until a descriptor can be read, or has ended.
  ///
  /// - Parameter other: the descriptor, which this function does not read.
  /// - Throws: `Interruption` if a signal arrives first.
  public func wait(untilReadable other: FileDescriptor) throws(Interruption) {
    var descriptors = [descriptor, other].map { pollfd(fd: $0.rawValue, events: Int16(POLLIN), revents: 0) }
    repeat {
      try check()
      poll(&descriptors, nfds_t(descriptors.count), -1)
    } while descriptors[0].revents != 0 || descriptors[1].revents == 0
  }
}
