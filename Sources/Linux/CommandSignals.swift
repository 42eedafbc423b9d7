import CLinux
import Glibc
import Synchronization
public import SystemPackage

/// The signals with which people and supervisors end and pause a command: INT, TERM, HUP and TSTP. While this value is used,
/// they take effect only where the command asks for them, so that none of them stops it in the middle of a transaction.
/// What the process ignores, as under nohup(1), it goes on ignoring.
public final class CommandSignals: Sendable {
  private let numbers = [SIGINT, SIGTERM, SIGHUP, SIGTSTP].filter { linux_is_ignored($0) == 0 }
  /// Can be read when a signal has arrived.
  private let descriptor: FileDescriptor
  private let arrived = Mutex<Interruption?>(nil)
  private let pausing = Mutex<Pausing?>(nil)

  /// Calls a closure that stops the process, and returns when the process has been continued.
  public typealias Pausing = @Sendable (_ stop: @escaping @Sendable () -> Void) -> Void

  /// Holds the signals back from this thread, and from the threads that it starts afterwards. Call this before any other
  /// thread is started.
  ///
  /// - Throws: `SystemCallError` if the process may not have another descriptor.
  public init() throws(SystemCallError) {
    var signals = Self.set(numbers)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    descriptor = FileDescriptor(
      rawValue: try systemCall("signalfd", signalfd(-1, &signals, Int32(SFD_CLOEXEC | SFD_NONBLOCK))))
  }

  /// The first signal that has asked the command to end; nil if there was none. A TSTP that has arrived takes effect: it
  /// stops the process until it is continued.
  public var interruption: Interruption? {
    arrived.withLock { arrived in
      var information = signalfd_siginfo()
      let size = MemoryLayout.size(ofValue: information)
      while arrived == nil, Glibc.read(descriptor.rawValue, &information, size) == size {
        arrived = interruption(by: Int32(information.ssi_signo))
      }
      return arrived
    }
  }

  /// Lets the signals that have arrived take effect.
  ///
  /// - Throws: `Interruption` if one of them has asked the command to end.
  public func check() throws(Interruption) {
    if let interruption { throw interruption }
  }

  /// Lets a pause begin at a moment when other threads hold nothing that others wait for.
  ///
  /// - Parameter pausing: calls what it is given, once, at such a moment.
  public func pause(by pausing: @escaping Pausing) {
    self.pausing.withLock { $0 = pausing }
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

  /// Cleans up as soon as a signal ends the command, whatever its other threads are doing, and then ends the process as the
  /// signal would have ended it. A second signal does not wait for that. Nobody may call `check` or `wait` any more.
  ///
  /// - Parameter cleanUp: is called on a thread of its own.
  /// - Throws: `SystemCallError` if this process may not have another thread.
  public func onInterruption(_ cleanUp: @escaping @Sendable () -> Void) throws(SystemCallError) {
    if numbers.isEmpty { return }
    try DetachedThread.start(named: "signals") { [self] in
      var signals = Self.set(numbers)
      var number: Int32 = 0
      while sigwait(&signals, &number) == 0 {
        guard let interruption = interruption(by: number) else { continue }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        cleanUp()
        interruption.endProcess()
      }
    }
  }

  private func interruption(by number: Int32) -> Interruption? {
    if number != SIGTSTP { return Interruption(signal: number) }
    // A signal to this very thread stops it before `raise` returns; one to the process may be another thread's.
    let stop: @Sendable () -> Void = { raise(SIGSTOP) }
    if let pausing = pausing.withLock(\.self) { pausing(stop) } else { stop() }
    return nil
  }

  private static func set(_ numbers: [Int32]) -> sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in numbers { sigaddset(&signals, number) }
    return signals
  }
}
