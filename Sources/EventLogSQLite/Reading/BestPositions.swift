import EventLog
import Text

/// The events that come first in the order of a query, of all that were seen.
struct BestPositions {
  private let limit: Int
  private let isAscending: Bool
  private let cursor: EventPosition?
  /// The positions in the order of reading.
  private(set) var positions: [EventPosition] = []

  init(_ query: EventQuery) {
    limit = query.readLimit
    isAscending = query.readsAscending
    cursor = query.cursor?.position
  }

  var isFull: Bool { positions.count >= limit }

  private func precedes(_ first: EventPosition, _ second: EventPosition) -> Bool {
    isAscending ? first < second : second < first
  }

  /// Whether every event of a source comes after all that are kept, and so does every source after it.
  func isBehind(_ source: Text) -> Bool {
    guard isFull, let worst = positions.last?.key else { return false }
    return isAscending ? worst < source : source < worst
  }

  func isBeyondCursor(_ position: EventPosition) -> Bool {
    cursor.map { precedes($0, position) } ?? true
  }

  /// Whether a position would be kept.
  func accepts(_ position: EventPosition) -> Bool {
    guard isBeyondCursor(position) else { return false }
    guard isFull, let worst = positions.last else { return true }
    return precedes(position, worst)
  }

  mutating func insert(_ position: EventPosition) {
    guard accepts(position) else { return }
    let index = positions.partitioningIndex { precedes(position, $0) }
    positions.insert(position, at: index)
    if positions.count > limit { positions.removeLast() }
  }
}

extension [EventPosition] {
  /// Returns the first index whose element meets a condition that all elements after it meet, too.
  fileprivate func partitioningIndex(where isAfter: (EventPosition) -> Bool) -> Int {
    var (lower, upper) = (0, count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if isAfter(self[middle]) { upper = middle } else { lower = middle + 1 }
    }
    return lower
  }
}
