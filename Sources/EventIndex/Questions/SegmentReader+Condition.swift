public import EventLog
import Text

extension SegmentReader {
  /// The number of positions that are decoded in the time that it takes to read an event.
  private static var positionsPerEvent: Int { 1000 }

  /// Finds the events that meet a condition.
  ///
  /// - Throws: `IndexDamage`, or an error of the storage.
  public func selection(of condition: EventCondition) throws -> Selection {
    let bounds = try bounds(of: condition, among: .full(capacity: capacity))
    return Selection(
      possible: bounds.possible, undecided: bounds.possible.subtracting(bounds.certain))
  }

  /// - Parameters:
  ///   - condition: the condition.
  ///   - candidates: the events that matter. What the result says about others is not used.
  /// - Returns: what the index knows.
  /// - Throws: `IndexDamage`, or an error of the storage.
  private func bounds(of condition: EventCondition, among candidates: PositionSet) throws -> Bounds {
    switch condition {
    case .all(let conditions):
      var bounds = Bounds(exactly: candidates)
      for condition in conditions.sorted(by: { $0.cost < $1.cost }) {
        if bounds.possible.isEmpty { break }
        bounds.formIntersection(try self.bounds(of: condition, among: bounds.possible))
      }
      return bounds
    case .any(let conditions):
      return try conditions.reduce(into: Bounds(exactly: PositionSet(capacity: capacity))) {
        $0.formUnion(try bounds(of: $1, among: candidates))
      }
    case .not(let condition): return try bounds(of: condition, among: candidates).complement
    case .type(let type): return try bounds(of: Term(.type, type.rawValue.utf8))
    case .source(let source): return try bounds(of: Term(.source, source.utf8))
    case .userID(let userID): return try bounds(of: Term(.userID, userID.utf8))
    case .requestID(let requestID): return try bounds(of: Term(.requestID, requestID.utf8))
    case .tag(let tag): return try bounds(of: Term(.tag, tag.utf8))
    case .search(let search): return try bounds(of: search.condition, among: candidates)
    case .data(let leaf): return try bounds(of: Term(.data, leaf.key)).extended(by: eventsWithMoreLeaves())
    case .number(let comparison): return try bounds(of: comparison)
    case .has(let member): return try bounds(of: member)
    case .since(let moment, let time): return try bounds(of: time, since: moment.milliseconds, until: .max)
    case .until(let moment, let time): return try bounds(of: time, since: .min, until: moment.milliseconds)
    case .text(let terms): return try bounds(of: terms, among: candidates)
    }
  }

  func bounds(of term: Term) throws -> Bounds {
    let set = try postings(of: term)?.set(of: capacity) ?? PositionSet(capacity: capacity)
    return term.isWhole
      ? Bounds(exactly: set) : Bounds(certain: PositionSet(capacity: capacity), possible: set)
  }

  private func bounds(of time: EventTime, since: Int64, until: Int64) throws -> Bounds {
    let span = outline.span(of: time)
    if since <= span.lowerBound, span.upperBound < until { return Bounds(exactly: .full(capacity: capacity)) }
    if span.upperBound < since || until <= span.lowerBound {
      return Bounds(exactly: PositionSet(capacity: capacity))
    }
    return Bounds(exactly: try columns().moments(of: time).positions(since: since, until: until))
  }

  /// The events of a text search: its trigrams say which events may match. For a term of at most three bytes, they decide.
  private func bounds(of terms: SearchTerms, among candidates: PositionSet) throws -> Bounds {
    var certain = candidates
    var possible = candidates
    for term in terms.folded {
      let found = try events(with: term, among: possible)
      possible = found
      if term.count <= 3 {
        certain.formIntersection(found)
      } else {
        certain = PositionSet(capacity: capacity)
      }
      if possible.isEmpty { break }
    }
    var bounds = Bounds(certain: certain.intersection(possible), possible: possible)
    if let omitted = try postings(of: Term(.trigrams))?.set(of: capacity) {
      bounds = Bounds(certain: bounds.certain.subtracting(omitted), possible: bounds.possible)
      bounds.formUnion(
        Bounds(certain: PositionSet(capacity: capacity), possible: omitted.intersection(candidates)))
    }
    return bounds
  }

  /// Returns the events whose texts have all trigrams of a term.
  private func events(with term: [UInt8], among candidates: PositionSet) throws -> PositionSet {
    if term.count < 3 {
      var set = PositionSet(capacity: capacity)
      try forEachEntry(withPrefix: [Term.Field.text.rawValue] + term) { _, postings in
        try postings.insert(into: &set)
        return true
      }
      return set.intersection(candidates)
    }
    var lists: [PostingList] = []
    for trigram in Trigrams.required(by: term) {
      guard let list = try postings(of: Term(.text, trigram)) else { return PositionSet(capacity: capacity) }
      lists.append(list)
    }
    var set = candidates
    for list in lists.sorted(by: { $0.count < $1.count }) {
      set.formIntersection(try list.set(of: capacity))
      if set.count * Self.positionsPerEvent <= list.count { break }
    }
    return set
  }
}

extension EventCondition {
  /// The order in which the conditions of `all` are looked up: first those that one lookup decides.
  fileprivate var cost: Int {
    switch self {
    case .type, .source, .userID, .requestID, .tag, .data: 0
    case .since, .until: 1
    case .text: 2
    case .all, .any, .not, .search: 3
    case .number, .has: 4
    }
  }
}
