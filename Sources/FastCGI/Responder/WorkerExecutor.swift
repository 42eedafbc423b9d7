import Linux
import Synchronization

/// Resumes suspended tasks on the worker threads. All appends of one commit therefore cost a single wake-up, and no
/// other thread stands between the store and the connections.
final class WorkerExecutor: TaskExecutor {
  /// How many jobs a worker takes at once; the rest are left to other workers.
  private static let share = 8

  /// A flag that is set while jobs are waiting.
  let hasJobs: ReadableFlag
  private let jobs = Mutex<[UnownedJob]>([])

  /// Makes an executor without jobs.
  ///
  /// - Throws: `SystemCallError` if the system has no more descriptors.
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

  /// Runs a share of the jobs that are waiting.
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
