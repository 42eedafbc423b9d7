import Synchronization

/// The wrong keys that have come and are not recorded yet. The first is recorded at once, and those that follow within a minute
/// together.
public final class WrongKeys: Sendable {
  private static let interval = Duration.seconds(60)

  private struct State {
    var count = 0
    var address: String?
    var isWaiting = false
    var recordedAt: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  private let record: @Sendable (_ wrongKeys: WrongKeys) async -> Void

  /// - Parameter record: takes the wrong keys when it is its turn to write, and records them.
  public init(_ record: @escaping @Sendable (_ wrongKeys: WrongKeys) async -> Void) {
    self.record = record
  }

  /// Counts a wrong key.
  public func note(from address: String?) {
    let pause = state.withLock { state -> Duration? in
      state.count += 1
      state.address = address
      if state.isWaiting { return nil }
      state.isWaiting = true
      let due = state.recordedAt.map { $0 + Self.interval } ?? .now
      return max(.zero, due - .now)
    }
    guard let pause else { return }
    Task { [self] in
      try? await Task.sleep(for: pause)
      await record(self)
    }
  }

  /// Takes the wrong keys that nobody has recorded, which the caller does.
  ///
  /// - Returns: their number, and the address that came with the last of them; nil when there is none.
  public func take() -> (count: Int, address: String?)? {
    state.withLock { state in
      if state.count == 0 { return nil }
      defer { state = State(recordedAt: .now) }
      return (state.count, state.address)
    }
  }
}
