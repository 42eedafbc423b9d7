import CLinux
import Glibc
import SystemPackage

/// A thread that no other thread waits for.
///
/// Foundation's `Thread` does not report that the system has no more threads; its body then silently never runs.
public enum DetachedThread {
  /// Starts a thread.
  ///
  /// - Parameters:
  ///   - name: the thread's name, of at most 15 bytes.
  ///   - body: the work that the thread does.
  /// - Throws: `SystemCallError` if this process may have no more threads, or has no memory for another stack.
  public static func start(
    named name: String, _ body: @escaping @Sendable () -> Void
  ) throws(SystemCallError) {
    let job = Unmanaged.passRetained(Job(name: name, body: body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { job in
        if let job { Unmanaged<Job>.fromOpaque(job).takeRetainedValue().run() }
        return nil
      }, job.toOpaque())
    guard code == 0 else {
      job.release()
      throw SystemCallError("pthread_create", Errno(rawValue: code))
    }
    pthread_detach(thread)
  }

  private final class Job {
    private let name: String
    private let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }

    func run() {
      _ = linux_name_thread(name)
      body()
    }
  }
}
