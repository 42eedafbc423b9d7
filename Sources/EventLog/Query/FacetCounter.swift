import Text

/// Counts the values of a member, and forgets none that is among the first `FacetQuery.maximumValues`.
public struct FacetCounter: Sendable {
  private var counts: [[UInt8]: Int] = [:]
  private let member: FacetQuery.Member
  private var total = 0
  private var missing = 0
  private var hasMore = false

  public init(_ member: FacetQuery.Member) {
    self.member = member
  }

  /// Adds events.
  ///
  /// - Parameters:
  ///   - total: the number of events that match.
  ///   - missing: the number of those without the member.
  public mutating func add(total: Int, missing: Int) {
    self.total += total
    self.missing += missing
  }

  /// Adds the events that have a value.
  ///
  /// - Parameters:
  ///   - count: the number of events.
  ///   - key: the bytes of the value: UTF-8 or, in `data`, the key of a `DataValue`.
  public mutating func add(_ count: Int, of key: [UInt8]) {
    let canBeTold = key.count <= FacetQuery.maximumValueSize
    if canBeTold && counts.count < FacetQuery.maximumValues || counts[key] != nil {
      counts[key, default: 0] += count
    } else {
      hasMore = true
    }
  }

  /// Adds an event that matches.
  ///
  /// - Parameter keys: the distinct values that it has.
  public mutating func add(event keys: [[UInt8]]) {
    add(total: 1, missing: keys.isEmpty ? 1 : 0)
    for key in keys { add(1, of: key) }
  }

  /// Ends the counting.
  ///
  /// - Parameter limit: the largest number of values.
  /// - Returns: the most frequent values.
  public func facets(limit: Int) -> EventFacets {
    let sorted = counts.sorted { left, right in
      left.value != right.value ? left.value > right.value : left.key.lexicographicallyPrecedes(right.key)
    }
    return EventFacets(
      total: total,
      values: sorted.prefix(limit).compactMap { key, count in
        value(of: key).map { EventFacets.Value(value: $0, count: count) }
      }, others: max(0, sorted.count - limit), hasMore: hasMore, missing: missing)
  }

  private func value(of key: [UInt8]) -> DataValue? {
    if case .data = member { return DataValue(key: key) }
    return .string(Text(String(decoding: key, as: UTF8.self)))
  }
}

extension FacetQuery.Member {
  /// Returns the distinct values that an event has, as the keys of `FacetCounter`.
  public func keys(of event: Event) -> [[UInt8]] {
    let draft = event.draft
    switch self {
    case .type: return [Array(draft.type.rawValue.utf8)]
    case .source: return [Array(draft.source.utf8)]
    case .userID: return draft.userID.map { [Array($0.utf8)] } ?? []
    case .requestID: return draft.requestID.map { [Array($0.utf8)] } ?? []
    case .tag: return draft.tags.map { Array($0.utf8) }
    case .data(let path): return (draft.data?.leaves ?? []).filter { $0.path == path }.map(\.value.key)
    }
  }
}
