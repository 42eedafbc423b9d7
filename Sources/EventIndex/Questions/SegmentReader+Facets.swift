public import EventLog

extension SegmentReader {
  /// Counts the events that have each value of a member.
  ///
  /// - Parameters:
  ///   - member: the member.
  ///   - events: the events to count.
  ///   - counter: receives the counts.
  /// - Returns: the events whose values the index does not know, which were not counted.
  /// - Throws: `IndexDamage`, or an error of the storage. The counter may then have received some counts.
  public func count(
    _ member: FacetQuery.Member, of events: PositionSet, into counter: inout FacetCounter
  ) throws -> PositionSet {
    let prefix = member.termPrefix
    var unknown = PositionSet(capacity: capacity)
    if case .data = member { try postings(of: Term(.leaves))?.insert(into: &unknown) }
    if prefix.bytes.count + FacetQuery.maximumValueSize >= Term.maximumSize {
      // A term that is cut may have any value and, if the path is not whole either, may be one of another path.
      try forEachEntry(withPrefix: prefix.bytes) { term, postings in
        if term.count == Term.maximumSize { try postings.insert(into: &unknown) }
        return true
      }
    }
    unknown.formIntersection(events)
    let known = events.subtracting(unknown)
    let knowsAll = known.isFull
    var withMember = PositionSet(capacity: capacity)
    try forEachEntry(withPrefix: prefix.bytes) { term, postings in
      let count = knowsAll ? postings.count : try postings.count(in: known)
      if count > 0 { counter.add(count, of: Array(term[prefix.bytes.count...])) }
      if member.mayBeMissing { try postings.insert(into: &withMember) }
      return true
    }
    let missing = member.mayBeMissing ? known.subtracting(withMember).count : 0
    counter.add(total: known.count, missing: missing)
    return unknown
  }
}

extension FacetQuery.Member {
  /// What the terms of all values start with.
  fileprivate var termPrefix: Term {
    switch self {
    case .type: Term(.type, [])
    case .source: Term(.source, [])
    case .userID: Term(.userID, [])
    case .requestID: Term(.requestID, [])
    case .tag: Term(.tag, [])
    case .data(let path): Term(.data, DataLeaf.key(of: path))
    }
  }

  fileprivate var mayBeMissing: Bool {
    switch self {
    case .type, .source: false
    case .userID, .requestID, .tag, .data: true
    }
  }
}
