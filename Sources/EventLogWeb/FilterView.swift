import EventLog
import HTTPCore

/// What the templates `filter` and `chips` show.
struct FilterView {
  struct Choice {
    let value: String
    let label: String
    let isSelected: Bool
  }

  /// A condition that can be taken away by itself.
  struct Chip {
    let label: String
    /// The query without it, to be put behind a question mark.
    let query: String
  }

  let types: [Choice]
  let search: String
  let source: String
  let ranges: [Choice]
  /// As `datetime-local` wants them, in UTC.
  let since: String
  let until: String
  let userID: String
  let requestID: String
  /// Those that are asked for, and room for one more.
  let tags: [String]
  let limits: [Choice]
  let sort: String
  let order: String
  /// Whether the rarer conditions are to be seen.
  let showsMore: Bool
  let chips: [Chip]
  let isActive: Bool

  init(_ query: EventQuery) {
    let filter = query.filter
    types = EventType.allCases.map {
      Choice(value: $0.rawValue, label: $0.label, isSelected: filter.types.contains($0))
    }
    search = filter.search?.text ?? ""
    source = filter.source ?? ""
    let hasMoments = filter.since != nil || filter.until != nil
    ranges =
      [Choice(value: "", label: hasMoments ? "as below" : "any time", isSelected: true)]
      + TimeRange.allCases.map { Choice(value: $0.rawValue, label: $0.label, isSelected: false) }
    since = filter.since.map(\.localDateTime) ?? ""
    until = filter.until.map(\.localDateTime) ?? ""
    userID = filter.userID ?? ""
    requestID = filter.requestID ?? ""
    tags = filter.tags + [""]
    let limit = query.limit ?? 0
    limits = Set([25, 50, 100, 250, limit]).filter { $0 > 0 }.sorted().map {
      Choice(value: String($0), label: String($0), isSelected: $0 == limit)
    }
    sort = query.sort.rawValue
    order = query.order.rawValue
    showsMore = hasMoments || filter.userID != nil || filter.requestID != nil || !filter.tags.isEmpty
    chips = Self.chips(query)
    isActive = !chips.isEmpty
  }

  private static func chips(_ query: EventQuery) -> [Chip] {
    let filter = query.filter
    var chips: [Chip] = []
    func add(_ label: String, _ remove: (inout EventFilter) -> Void) {
      var other = query
      other.cursor = nil
      remove(&other.filter)
      chips.append(Chip(label: label, query: FormURLEncoded.encode(other.parameters)))
    }
    for type in EventType.allCases where filter.types.contains(type) {
      add("type: \(type.label)") { $0.types.remove(type) }
    }
    if let search = filter.search { add("text: \(search.text)") { $0.search = nil } }
    if let source = filter.source { add("source: \(source)") { $0.source = nil } }
    if let since = filter.since { add("since \(since.readable) UTC") { $0.since = nil } }
    if let until = filter.until { add("until \(until.readable) UTC") { $0.until = nil } }
    if let userID = filter.userID { add("user: \(userID)") { $0.userID = nil } }
    if let requestID = filter.requestID { add("request: \(requestID)") { $0.requestID = nil } }
    for (index, tag) in filter.tags.enumerated() { add("tag: \(tag)") { $0.tags.remove(at: index) } }
    return chips
  }
}

/// A span of time up to now, as the filter offers them.
enum TimeRange: String, CaseIterable {
  case hour = "1h"
  case day = "24h"
  case week = "7d"
  case month = "30d"

  var label: String {
    switch self {
    case .hour: "last hour"
    case .day: "last 24 hours"
    case .week: "last 7 days"
    case .month: "last 30 days"
    }
  }

  var milliseconds: Int64 {
    let hours: Int64 =
      switch self {
      case .hour: 1
      case .day: 24
      case .week: 7 * 24
      case .month: 30 * 24
      }
    return hours * 3_600_000
  }
}

extension Timestamp {
  /// `2024-01-15T14:30:00.000`
  fileprivate var localDateTime: String {
    String(description.dropLast())
  }

  /// `2024-01-15 14:30`, with seconds only where there are some.
  var readable: String {
    let text = description
    let (date, time) = (text.prefix(10), text.dropFirst(11).dropLast())
    let shortTime =
      time.hasSuffix(":00.000") ? time.dropLast(7) : time.hasSuffix(".000") ? time.dropLast(4) : time
    return "\(date) \(shortTime)"
  }
}
