public import EventLog

extension SegmentReader {
  /// Finds the first and the last of the times of events.
  ///
  /// - Parameters:
  ///   - time: the time.
  ///   - events: the events.
  ///   - known: the span of other events.
  /// - Returns: the moments; nil when they cannot extend the span that is known, or there are no events.
  /// - Throws: `IndexDamage`, or an error of the storage.
  public func span(
    of time: EventTime, _ events: PositionSet, beyond known: ClosedRange<Timestamp>?
  ) throws -> ClosedRange<Timestamp>? {
    guard let first = events.first, let last = events.last else { return nil }
    let span = outline.span(of: time)
    let all = Timestamp(milliseconds: span.lowerBound)...Timestamp(milliseconds: span.upperBound)
    if events.isFull { return all }
    if let known, known.contains(all.lowerBound), known.contains(all.upperBound) { return nil }
    let column = try columns().moments(of: time)
    var (earliest, latest) = (column.moments[first], column.moments[last])
    if !column.isAscending {
      events.forEach {
        earliest = min(earliest, column.moments[$0])
        latest = max(latest, column.moments[$0])
        return true
      }
    }
    return Timestamp(milliseconds: earliest)...Timestamp(milliseconds: latest)
  }

  /// Counts events by type and time.
  ///
  /// - Parameters:
  ///   - events: the events.
  ///   - time: the time by which an event belongs to an interval.
  ///   - histogram: its intervals cover all of the events; its counts do not matter.
  /// - Returns: numbers of events of a type in one interval, and a moment in that interval, which may come several times.
  /// - Throws: `IndexDamage`, or an error of the storage.
  public func counts(
    of events: PositionSet, by time: EventTime, in histogram: EventHistogram
  ) throws -> [EventCount] {
    let isFull = events.isFull
    let span = outline.span(of: time)
    let hasOneInterval = histogram.hasOneInterval(for: span)
    var counts: [EventCount] = []
    // Every event has one type, so what is left has the most frequent one.
    var rest = events
    let lists = try EventType.allCases.compactMap { type in
      try postings(of: Term(.type, type.rawValue.utf8)).map { (type, $0) }
    }.sorted { $0.1.count < $1.1.count }
    for (index, (type, postings)) in lists.enumerated() {
      if isFull, hasOneInterval {
        counts.append(EventCount(count: postings.count, type: type, moment: span.lowerBound))
        continue
      }
      var own = rest
      if index < lists.count - 1 {
        own.formIntersection(try postings.set(of: capacity))
        rest.subtract(own)
      }
      if hasOneInterval {
        counts.append(EventCount(count: own.count, type: type, moment: span.lowerBound))
      } else {
        counts += try columns().moments(of: time).counts(of: own, type, in: histogram)
      }
    }
    return counts
  }
}

/// A number of events of a type in an interval of time.
public struct EventCount: Equatable, Sendable {
  public let count: Int
  public let type: EventType
  /// A moment in the interval, in milliseconds since 1970.
  public let moment: Int64
}

extension MomentColumn {
  fileprivate func counts(
    of events: PositionSet, _ type: EventType, in histogram: EventHistogram
  ) -> [EventCount] {
    guard var start = events.first, let last = events.last else { return [] }
    var counts: [EventCount] = []
    guard isAscending else {
      events.forEach { position in
        counts.append(EventCount(count: 1, type: type, moment: moments[position]))
        return true
      }
      return counts
    }
    while start <= last {
      let moment = moments[start]
      let end = lowerBound(of: histogram.end(ofIntervalAt: moment), in: start..<moments.count)
      counts.append(EventCount(count: events.count(in: start..<end), type: type, moment: moment))
      start = end
    }
    return counts
  }
}
