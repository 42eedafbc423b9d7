import EventLog

/// The ids from one to another, both included; the range is empty when `upper` is below `lower`.
struct IDRange: Equatable {
  var lower: Int64 = 1
  var upper: Int64 = .max

  var isEmpty: Bool { upper < lower }

  func intersection(_ other: IDRange) -> IDRange {
    IDRange(lower: max(lower, other.lower), upper: min(upper, other.upper))
  }

  /// Returns the ids that are read after an event.
  func beyond(_ id: EventID, ascending: Bool) -> IDRange {
    intersection(ascending ? IDRange(lower: id.number + 1) : IDRange(upper: id.number - 1))
  }
}
