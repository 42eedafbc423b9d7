import CEpoll
import Glibc
import Synchronization

/// Lets tasks that were suspended go on upon the worker threads. All appends of one commit so cost one wake-up, and no
/// thread stands between the store and the connections.
final class WorkerExecutor: TaskExecutor {
  /// How many a worker takes at once; the rest is left to other workers.
  private static let share = 8

  /// Readable as long as there are jobs.
  let descriptor: Int32
  private let jobs = Mutex<[UnownedJob]>([])

  /// - Throws: when the system has no more descriptors.
  init() throws(SystemError) {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard descriptor >= 0 else { throw SystemError("eventfd") }
  }

  deinit {
    close(descriptor)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { jobs in
      jobs.append(job)
      if jobs.count == 1 { _ = eventfd_write(descriptor, 1) }
    }
  }

  /// Runs some of the jobs that wait.
  func runShare() {
    let share = jobs.withLock { jobs in
      let share = Array(jobs.prefix(Self.share))
      jobs.removeFirst(share.count)
      if jobs.isEmpty {
        var count: eventfd_t = 0
        _ = eventfd_read(descriptor, &count)
      }
      return share
    }
    for job in share { job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
