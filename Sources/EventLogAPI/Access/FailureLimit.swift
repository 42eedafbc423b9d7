import HTTPCore
import Synchronization

/// Counts wrong keys by network, so that nobody can try many. What is right always passes: others may share the network.
final class FailureLimit: Sendable {
  /// How many wrong keys a network may send at once.
  private static let burst = 20.0
  /// How many it may send again, per second.
  private static let rate = 0.2
  /// How many networks are remembered.
  private static let maximumCount = 10_000

  private struct Tries {
    var left: Double
    var at: ContinuousClock.Instant
  }

  private let tries = Mutex<[[UInt8]: Tries]>([:])

  /// Counts a wrong key.
  ///
  /// - Parameters:
  ///   - request: the request that it came with.
  ///   - now: the time.
  /// - Returns: the seconds after which another may be tried; nil when that may be at once.
  func count(_ request: Request, at now: ContinuousClock.Instant = .now) -> Int? {
    let network = request.clientAddress.flatMap(IPAddress.init)?.network ?? []
    return tries.withLock { tries in
      if tries.count >= Self.maximumCount {
        tries = tries.filter { Self.left($0.value, at: now) < Self.burst }
        if tries.count >= Self.maximumCount { tries = [:] }
      }
      let left = tries[network].map { Self.left($0, at: now) } ?? Self.burst
      tries[network] = Tries(left: max(0, left - 1), at: now)
      return left >= 1 ? nil : Int(((1 - left) / Self.rate).rounded(.up))
    }
  }

  private static func left(_ tries: Tries, at now: ContinuousClock.Instant) -> Double {
    min(burst, tries.left + (now - tries.at) / .seconds(1) * rate)
  }
}
