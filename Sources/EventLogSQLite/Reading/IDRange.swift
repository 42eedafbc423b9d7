import EventLog

/// Ids from one to another; empty when `upper` is below `lower`.
struct IDRange: Equatable {
  var lower: Int64 = 1
  var upper: Int64 = .max

  var isEmpty: Bool { upper < lower }

  func intersection(_ other: IDRange) -> IDRange {
    IDRange(lower: max(lower, other.lower), upper: min(upper, other.upper))
  }

  /// Those that are read after an event.
  func beyond(_ id: EventID, ascending: Bool) -> IDRange {
    intersection(ascending ? IDRange(lower: id.number + 1) : IDRange(upper: id.number - 1))
  }
}
