/// The ids of a segment's events, in ascending order.
public struct IDColumn: Equatable, Sendable {
  private let first: Int64
  /// The number of events.
  public let count: Int
  /// The ids, unless they are consecutive.
  private let ids: [Int64]?

  init(consecutiveFrom first: Int64, count: Int) {
    self.first = first
    self.count = count
    ids = nil
  }

  init(_ ids: [Int64]) {
    first = ids.first ?? 0
    count = ids.count
    self.ids = (ids.last ?? 0) - first == Int64(count - 1) ? nil : ids
  }

  public subscript(position: Int) -> Int64 { ids?[position] ?? first + Int64(position) }

  /// Returns the position of the first event with an id or a higher one; the number of events when there is none.
  public func position(of id: Int64) -> Int {
    guard let ids else { return id <= first ? 0 : Int(min(id - first, Int64(count))) }
    var (lower, upper) = (0, ids.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if ids[middle] < id { lower = middle + 1 } else { upper = middle }
    }
    return lower
  }
}
