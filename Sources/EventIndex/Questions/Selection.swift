/// The events of a segment that meet a condition, as far as the index knows.
public struct Selection: Equatable, Sendable {
  /// The events that may meet the condition.
  public let possible: PositionSet
  /// Those of them that have to be read to find out.
  public let undecided: PositionSet

  init(possible: PositionSet, undecided: PositionSet) {
    self.possible = possible
    self.undecided = undecided
  }

  /// Creates a selection of events all of which have to be read.
  public init(undecided: PositionSet) {
    self.init(possible: undecided, undecided: undecided)
  }
}
