import EventLog

/// Conditions that look at all values of a member.
extension SegmentReader {
  /// The events with a number in `data` for which a comparison holds.
  ///
  /// - Throws: `IndexDamage`, or an error of the storage.
  func bounds(of comparison: NumberComparison) throws -> Bounds {
    let prefix = Term(.data, comparison.keyPrefix)
    guard prefix.isWhole else { return try bounds(of: prefix).extended(by: eventsWithMoreLeaves()) }
    var certain = PositionSet(capacity: capacity)
    var cut = PositionSet(capacity: capacity)
    try forEachEntry(withPrefix: prefix.bytes) { term, postings in
      if term.count == Term.maximumSize {
        try postings.insert(into: &cut)
      } else if let value = DataLeaf.value(of: term.dropFirst(), at: comparison.path),
        comparison.holds(for: value)
      {
        try postings.insert(into: &certain)
      }
      return true
    }
    return Bounds(exactly: certain).extended(by: cut).extended(by: try eventsWithMoreLeaves())
  }

  /// The events that have a member.
  ///
  /// - Throws: `IndexDamage`, or an error of the storage.
  func bounds(of member: OptionalMember) throws -> Bounds {
    switch member {
    case .userID: try bounds(ofPrefixes: [Term(.userID, [])])
    case .requestID: try bounds(ofPrefixes: [Term(.requestID, [])])
    case .tag: try bounds(ofPrefixes: [Term(.tag, [])])
    case .data: try bounds(ofPrefixes: [Term(.data, [])]).extended(by: eventsWithMoreLeaves())
    case .dataMember(let path):
      try bounds(ofPrefixes: DataLeaf.keyPrefixes(within: path).map { Term(.data, $0) })
        .extended(by: eventsWithMoreLeaves())
    }
  }

  /// The events that have a term with one of several prefixes. Behind a prefix that is cut, another path may follow.
  private func bounds(ofPrefixes prefixes: [Term]) throws -> Bounds {
    var set = PositionSet(capacity: capacity)
    for prefix in prefixes {
      try forEachEntry(withPrefix: prefix.bytes) { _, postings in
        try postings.insert(into: &set)
        return true
      }
    }
    return prefixes.allSatisfy(\.isWhole)
      ? Bounds(exactly: set) : Bounds(certain: PositionSet(capacity: capacity), possible: set)
  }

  /// The events whose `data` has more leaves than the index knows; nil when there are none.
  func eventsWithMoreLeaves() throws -> PositionSet? {
    try postings(of: Term(.leaves))?.set(of: capacity)
  }
}
