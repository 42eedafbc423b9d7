import Linux
import Synchronization

/// The requests that arrive in pieces, and the memory that they share. A request holds its share until it is handled.
///
/// When the memory is used up, reading pauses for all requests but the oldest, which can therefore always arrive
/// completely, and then the next one can. A request that arrives too slowly is given up, unless its reading is paused.
final class Arrivals: Sendable {
  /// How much memory all requests may hold before reading pauses, in bytes.
  static let budget = 64 << 20
  /// How much memory a request may hold even then, in bytes. A small request never waits for large ones.
  static let allowance = 16 << 10
  /// How many bytes must arrive for each second that a request takes beyond the timeout.
  static let bytesPerSecond = 65_536

  fileprivate struct Entry {
    let connection: Connection
    /// When the request began to arrive, moved on by the time for which its reading was paused.
    var start = ContinuousClock.now
    var heldSize = 0
    var arrivedSize = 0
    var pausedAt: ContinuousClock.Instant?
    /// Whether the request has arrived, and waits to be handled.
    var hasArrived = false
  }

  fileprivate struct State {
    /// The requests by their numbers, which rise in the order in which the requests began to arrive.
    var entries: [Int: Entry] = [:]
    var nextNumber = 0
    var oldestArriving = 0
    var heldSize = 0
    var pausedCount = 0
    var isClockRunning = false
  }

  private let state = Mutex(State())
  private let timeout: Duration
  /// Ticks once a second while requests are arriving.
  let clock: PeriodicTimer

  /// - Parameter timeout: the time in which a request must arrive, and one second more for each `bytesPerSecond`.
  /// - Throws: `SystemCallError` if the system has no more descriptors.
  init(timeout: Duration) throws(SystemCallError) {
    self.timeout = timeout
    clock = try PeriodicTimer()
  }

  /// The number of requests that have not arrived completely, and the memory that all requests hold, in bytes.
  var statistics: (count: Int, heldSize: Int) {
    state.withLock { state in (state.entries.values.count { !$0.hasArrived }, state.heldSize) }
  }

  /// Adds a request that begins to arrive.
  ///
  /// - Returns: the request's number.
  func begin(on connection: Connection) -> Int {
    state.withLock { state in
      if !state.isClockRunning {
        state.isClockRunning = true
        clock.start(every: .seconds(1))
      }
      defer { state.nextNumber += 1 }
      state.entries[state.nextNumber] = Entry(connection: connection)
      return state.nextNumber
    }
  }

  /// Reserves memory for the next piece of a request.
  ///
  /// - Returns: false if the reading of the request must pause.
  func reserve(_ size: Int, for number: Int) -> Bool {
    state.withLock { state in
      guard let heldSize = state.entries[number]?.heldSize,
        state.mayRead(number) || heldSize + size <= Self.allowance
      else { return false }
      state.hold(heldSize + size, number)
      return true
    }
  }

  /// Records how much of a request has arrived, and how much of it is held.
  func update(_ request: ArrivingRequest) {
    guard let number = request.arrival else { return }
    state.withLock { state in
      state.hold(request.heldSize, number)
      state.entries[number]?.arrivedSize = request.arrivedSize
    }
  }

  /// Pauses the reading of a request until `Connection.resume()` is called.
  ///
  /// - Returns: false if it must go on, because memory has become free.
  func pause(_ number: Int) -> Bool {
    state.withLock { state in
      // The peer may have gone meanwhile.
      guard state.entries[number] != nil else { return true }
      if state.mayRead(number) { return false }
      state.entries[number]?.pausedAt = .now
      state.pausedCount += 1
      return true
    }
  }

  /// Records that a request has arrived. It holds its memory until it is removed.
  func arrived(_ number: Int) {
    resume { $0.entries[number]?.hasArrived = true }
  }

  /// Removes a request, which no longer holds memory.
  func remove(_ number: Int) {
    resume { state in
      state.hold(0, number)
      if state.entries.removeValue(forKey: number)?.pausedAt != nil { state.pausedCount -= 1 }
    }
  }

  /// Returns whether a request has had its time.
  func isLate(_ number: Int) -> Bool {
    let now = ContinuousClock.now
    return state.withLock { $0.entries[number].map { isLate($0, at: now) } ?? false }
  }

  /// Handles a tick of the clock.
  ///
  /// - Returns: the connections of the requests that have had their time.
  func tick() -> [Connection] {
    let now = ContinuousClock.now
    clock.clear()
    return state.withLock { state in
      if state.entries.isEmpty {
        state.isClockRunning = false
        clock.stop()
      }
      return state.entries.values.filter { isLate($0, at: now) }.map(\.connection)
    }
  }

  private func isLate(_ entry: Entry, at now: ContinuousClock.Instant) -> Bool {
    let more = Duration.seconds(1) * entry.arrivedSize / Self.bytesPerSecond
    return !entry.hasArrived && entry.pausedAt == nil && now - entry.start > timeout + more
  }

  /// Makes a change, after which some requests may go on.
  private func resume(after change: (inout State) -> Void) {
    let connections = state.withLock { state in
      change(&state)
      return state.pausedCount == 0 ? [] : state.takeReadable(at: .now)
    }
    for connection in connections { connection.resume() }
  }
}

extension Arrivals.State {
  fileprivate mutating func hold(_ size: Int, _ number: Int) {
    heldSize += size - (entries[number]?.heldSize ?? size)
    entries[number]?.heldSize = size
  }

  /// Returns whether a request may be read, whatever it holds.
  fileprivate mutating func mayRead(_ number: Int) -> Bool {
    if heldSize < Arrivals.budget { return true }
    while oldestArriving < nextNumber, entries[oldestArriving]?.hasArrived ?? true { oldestArriving += 1 }
    return number == oldestArriving
  }

  /// Returns the connections of the paused requests that may go on, oldest first.
  fileprivate mutating func takeReadable(at now: ContinuousClock.Instant) -> [Connection] {
    var connections: [Connection] = []
    var room = Arrivals.budget - heldSize
    for (number, entry) in entries.filter({ $0.value.pausedAt != nil }).sorted(by: { $0.key < $1.key })
    where room > 0 || mayRead(number) {
      guard let pausedAt = entry.pausedAt else { continue }
      entries[number]?.pausedAt = nil
      entries[number]?.start += now - pausedAt
      pausedCount -= 1
      room -= Arrivals.bytesPerSecond
      connections.append(entry.connection)
    }
    return connections
  }
}
