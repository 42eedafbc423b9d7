import Linux
import Synchronization

/// Lets tasks that were suspended go on upon the worker threads. All appends of one commit so cost one wake-up, and no
/// thread stands between the store and the connections.
final class WorkerExecutor: TaskExecutor {
  /// How many a worker takes at once; the rest is left to other workers.
  private static let share = 8

  /// Whether there are jobs.
  let hasJobs: ReadableFlag
  private let jobs = Mutex<[UnownedJob]>([])

  /// - Throws: when the system has no more descriptors.
  init() throws(SystemCallError) {
    hasJobs = try ReadableFlag()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { jobs in
      jobs.append(job)
      if jobs.count == 1 { hasJobs.set() }
    }
  }

  /// Runs some of the jobs that wait.
  func runShare() {
    let share = jobs.withLock { jobs in
      let share = Array(jobs.prefix(Self.share))
      jobs.removeFirst(share.count)
      if jobs.isEmpty { hasJobs.clear() }
      return share
    }
    for job in share { job.runSynchronously(on: asUnownedTaskExecutor()) }
  }
}
