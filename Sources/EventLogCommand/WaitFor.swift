import Dispatch

/// Blocks this thread until an asynchronous operation has ended.
///
/// - Parameter operation: the operation, which runs on the threads of Swift's concurrency runtime.
/// - Returns: what the operation returns.
/// - Throws: what the operation throws.
func waitFor<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) throws -> Value {
  // It is written before the semaphore's signal and read after the wait, so the accesses never overlap.
  nonisolated(unsafe) var outcome: Result<Value, any Error> = .failure(CancellationError())
  let ended = DispatchSemaphore(value: 0)
  Task.detached {
    do { outcome = .success(try await operation()) } catch { outcome = .failure(error) }
    ended.signal()
  }
  ended.wait()
  return try outcome.get()
}
