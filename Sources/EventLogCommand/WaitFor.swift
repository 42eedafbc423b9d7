import Dispatch

/// Blocks this thread until an asynchronous operation has ended.
///
/// - Parameter operation: runs on the threads of the concurrency runtime.
/// - Returns: what the operation returned.
/// - Throws: what the operation threw.
func waitFor<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) throws -> Value {
  // Written before the signal and read after the wait.
  nonisolated(unsafe) var outcome: Result<Value, any Error> = .failure(CancellationError())
  let ended = DispatchSemaphore(value: 0)
  Task.detached {
    do { outcome = .success(try await operation()) } catch { outcome = .failure(error) }
    ended.signal()
  }
  ended.wait()
  return try outcome.get()
}
