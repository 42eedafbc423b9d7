import CLinux
import Glibc

/// The signals with which people and supervisors end a command: INT, TERM and HUP. They are held back, so that the
/// command can clean up before they take their effect. What the process ignores, as under `nohup`, it goes on ignoring.
public struct HeldSignals: Sendable {
  private let numbers = [SIGINT, SIGTERM, SIGHUP].filter { linux_is_ignored($0) == 0 }

  /// Holds the signals back from this thread, and from the threads that it starts afterwards. Call this before any other
  /// thread is started.
  public init() {
    var signals = signals
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Whether a signal has arrived.
  public var isPending: Bool {
    var pending = sigset_t()
    sigpending(&pending)
    return numbers.contains { sigismember(&pending, $0) == 1 }
  }

  /// Lets a signal that has arrived take its effect, which usually ends the process.
  public func deliver() {
    var signals = signals
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Cleans up as soon as a signal arrives, whatever the other threads are doing, and then ends the process as the signal
  /// would have ended it. A second signal does not wait for that.
  ///
  /// - Parameter cleanUp: is called on a thread of its own.
  /// - Throws: `SystemCallError` if this process may not have another thread.
  public func onArrival(_ cleanUp: @escaping @Sendable () -> Void) throws(SystemCallError) {
    if numbers.isEmpty { return }
    try DetachedThread.start(named: "signals") {
      var signals = signals
      var number: Int32 = 0
      guard sigwait(&signals, &number) == 0 else { return }
      deliver()
      cleanUp()
      kill(getpid(), number)
    }
  }

  private var signals: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    return signals
  }
}
