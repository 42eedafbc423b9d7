/// How long a test waits for something that must happen. It is long enough for a machine that is overloaded, because a
/// wait lasts that long only where it ends in a failure.
public let patience = Duration.seconds(180)

/// Waits until a condition holds, but not longer than `patience`.
///
/// - Parameter condition: the condition, which is checked a hundred times a second.
/// - Returns: whether the condition holds.
/// - Throws: `CancellationError` when the test is cancelled, as it is at its time limit.
public func eventually(_ condition: () -> Bool) async throws -> Bool {
  let deadline = ContinuousClock.now + patience
  while !condition() {
    if ContinuousClock.now > deadline { return false }
    try await Task.sleep(for: .milliseconds(10))
  }
  return true
}
