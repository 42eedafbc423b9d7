import CLinux
import Glibc

/// A signal that has asked a command to end.
public struct Interruption: Error {
  public let signal: Int32

  /// Ends the process as the signal would have done, so that whoever started it learns the reason.
  public func endProcess() -> Never {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, signal)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(signal)
    exit(128 + signal)
  }
}
