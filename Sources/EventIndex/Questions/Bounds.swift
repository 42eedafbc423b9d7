/// What the index knows about a condition: which events certainly meet it, and which possibly do. The events in between have
/// to be read.
struct Bounds: Equatable {
  private(set) var certain: PositionSet
  private(set) var possible: PositionSet

  /// Creates bounds that leave nothing to find out.
  init(exactly set: PositionSet) {
    certain = set
    possible = set
  }

  /// - Parameters:
  ///   - certain: the events that meet the condition; all of them are in `possible`.
  ///   - possible: the events that may meet it.
  init(certain: PositionSet, possible: PositionSet) {
    self.certain = certain
    self.possible = possible
  }

  mutating func formIntersection(_ other: Bounds) {
    certain.formIntersection(other.certain)
    possible.formIntersection(other.possible)
  }

  mutating func formUnion(_ other: Bounds) {
    certain.formUnion(other.certain)
    possible.formUnion(other.possible)
  }

  /// Returns the bounds of a condition that other events, too, may meet.
  func extended(by events: PositionSet?) -> Bounds {
    var bounds = self
    if let events { bounds.possible.formUnion(events) }
    return bounds
  }

  /// The bounds of the opposite condition.
  var complement: Bounds { Bounds(certain: possible.complement, possible: certain.complement) }
}
