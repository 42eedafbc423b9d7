/// One of the times of a segment's events, in the order of ids.
public struct MomentColumn: Equatable, Sendable {
  /// The moments in milliseconds since 1970.
  public let moments: [Int64]
  /// Whether no moment is earlier than the one before it.
  let isAscending: Bool

  init(_ moments: [Int64]) {
    self.init(moments, isAscending: zip(moments, moments.dropFirst()).allSatisfy { $0 <= $1 })
  }

  init(_ moments: [Int64], isAscending: Bool) {
    self.moments = moments
    self.isAscending = isAscending
  }

  /// The first and the last moment; nil when there is none.
  var span: ClosedRange<Int64>? {
    moments.min().flatMap { first in moments.max().map { first...$0 } }
  }

  /// Finds the events within a span of time.
  ///
  /// - Parameters:
  ///   - since: the first moment of the span in milliseconds since 1970.
  ///   - until: the first moment after it.
  /// - Returns: their positions.
  func positions(since: Int64, until: Int64) -> PositionSet {
    if isAscending {
      let lower = lowerBound(of: since)
      return PositionSet(lower..<max(lower, lowerBound(of: until)), capacity: moments.count)
    }
    var set = PositionSet(capacity: moments.count)
    for position in moments.indices where moments[position] >= since && moments[position] < until {
      set.insert(position)
    }
    return set
  }

  /// Returns the first position at a moment or later, provided that the moments ascend.
  func lowerBound(of moment: Int64, in range: Range<Int>? = nil) -> Int {
    var (lower, upper) = (range?.lowerBound ?? 0, range?.upperBound ?? moments.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if moments[middle] < moment { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }
}
