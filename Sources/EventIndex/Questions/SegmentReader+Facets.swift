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
    var unknown = PositionSet(capacity: capacity)
    if case .data = member, let omitted = try postings(of: Term(.leaves)) {
      try omitted.insert(into: &unknown)
    }
    unknown.formIntersection(events)
    let known = events.subtracting(unknown)
    let knowsAll = known.isFull
    var withMember = PositionSet(capacity: capacity)
    let prefix = member.termPrefix
    try forEachEntry(withPrefix: prefix) { term, postings in
      let count = knowsAll ? postings.count : try postings.count(in: known)
      if count > 0 {
        if term.count < Term.maximumSize {
          counter.add(count, of: Array(term[prefix.count...]))
        } else {
          counter.noteMore()
        }
      }
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
  fileprivate var termPrefix: [UInt8] {
    switch self {
    case .type: [Term.Field.type.rawValue]
    case .source: [Term.Field.source.rawValue]
    case .userID: [Term.Field.userID.rawValue]
    case .requestID: [Term.Field.requestID.rawValue]
    case .tag: [Term.Field.tag.rawValue]
    case .data(let path): [Term.Field.data.rawValue] + DataLeaf.key(of: path)
    }
  }

  fileprivate var mayBeMissing: Bool {
    switch self {
    case .type, .source: false
    case .userID, .requestID, .tag, .data: true
    }
  }
}
