import Synchronization

/// Measures how fast the log grows, from its size once a minute for the last hour.
final class GrowthMeter: Sendable {
  private static let interval = Duration.seconds(60)
  private static let span = Duration.seconds(3600)

  private struct Sample {
    let size: Int
    let time: ContinuousClock.Instant
  }

  private let samples = Mutex<[Sample]>([])

  /// Takes a sample if the last one is a minute old.
  ///
  /// - Parameters:
  ///   - now: the time.
  ///   - size: reads the size of the log in bytes.
  /// - Throws: what `size` throws.
  func noteIfDue(at now: ContinuousClock.Instant = .now, _ size: () throws -> Int) rethrows {
    let isDue = samples.withLock { $0.last.map { now - $0.time >= Self.interval } ?? true }
    guard isDue else { return }
    let sample = Sample(size: try size(), time: now)
    samples.withLock { samples in
      samples.append(sample)
      // One sample from before the span tells the size at its start.
      while samples.count > 1, now - samples[1].time >= Self.span { samples.removeFirst() }
    }
  }

  /// Returns by how much the log has grown per hour, over the last hour or since the first sample.
  ///
  /// - Parameters:
  ///   - size: the size of the log now, in bytes.
  ///   - now: the time.
  /// - Returns: the growth in bytes per hour; nil when the first sample is less than a minute old.
  func bytesPerHour(size: Int, at now: ContinuousClock.Instant = .now) -> Int? {
    let samples = samples.withLock(\.self)
    guard let start = samples.last(where: { now - $0.time >= Self.span }) ?? samples.first,
      now - start.time >= Self.interval
    else { return nil }
    return Int(Double(size - start.size) * (Self.span / min(now - start.time, Self.span)))
  }
}
