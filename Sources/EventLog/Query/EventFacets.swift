/// The most frequent values of a member, with the number of events that have them.
public struct EventFacets: Equatable, Sendable {
  /// A value and the number of events that have it.
  public struct Value: Equatable, Sendable {
    /// The value; that of any member but `data` is a string.
    public let value: DataValue
    public let count: Int
  }

  /// The number of events that match, whether they have the member or not.
  public let total: Int
  /// The most frequent values, those with the same count in the order of their bytes.
  public let values: [Value]
  /// The number of the values that are not among them.
  public let others: Int
  /// Whether there may be more others, because there are too many or some are too long to tell them apart.
  public let hasMore: Bool
  /// The number of matching events without the member.
  public let missing: Int
}
