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
  let typeError: String?
  let search: FieldView
  let source: FieldView
  let ranges: [Choice]
  let rangeError: String?
  /// As `datetime-local` wants them, in UTC.
  let since: FieldView
  let until: FieldView
  let userID: FieldView
  let requestID: FieldView
  /// Those that are asked for, and room for one more.
  let tags: [String]
  let tagError: String?
  let limits: [Choice]
  let limitError: String?
  let sort: String
  let order: String
  /// Whether the rarer conditions are to be seen.
  let showsMore: Bool
  let chips: [Chip]
  let isActive: Bool
  /// The fields with an error, for the summary.
  let invalidFields: [FieldView]
  /// What is wrong besides, as sentences.
  let otherErrors: [String]
  let isInvalid: Bool

  /// - Parameters:
  ///   - form: the parameters of a query, or those that make none and what is wrong with them.
  ///   - chips: the conditions of the query.
  init(_ form: FilledForm, chips: [Chip]) {
    let type = form.field("type", "Types")
    let chosen = Set(form.values.filter { $0.name == "type" }.map(\.value))
    types = EventType.allCases.map {
      Choice(value: $0.rawValue, label: $0.label, isSelected: chosen.contains($0.rawValue))
    }
    typeError = type.error
    search = form.field("q", "Search")
    source = form.field("source", "Source")
    since = form.moment("since", "From")
    until = form.moment("until", "Before")
    let range = form.field("range", "Time")
    let hasMoments = !since.value.isEmpty || !until.value.isEmpty
    ranges =
      [Choice(value: "", label: hasMoments ? "as below" : "any time", isSelected: true)]
      + TimeRange.allCases.map { Choice(value: $0.rawValue, label: $0.label, isSelected: false) }
    rangeError = range.error
    userID = form.field("user_id", "User id")
    requestID = form.field("request_id", "Request id")
    let tag = form.field("tag", "Tag")
    tags = form.values.filter { $0.name == "tag" && !$0.value.isEmpty }.map(\.value) + [""]
    tagError = tag.error
    let limit = form.field("limit", "Rows")
    let usual = ["25", "50", "100", "250"]
    let chosenLimit = limit.value.isEmpty ? "50" : limit.value
    limits = (usual.contains(chosenLimit) ? usual : usual + [chosenLimit])
      .sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
      .map { Choice(value: $0, label: $0, isSelected: $0 == chosenLimit) }
    limitError = limit.error
    sort = (EventQuery.Sort(rawValue: form.value("sort")) ?? EventQuery.newestEvents.sort).rawValue
    order = (EventQuery.Order(rawValue: form.value("order")) ?? EventQuery.newestEvents.order).rawValue

    let more = [since, until, userID, requestID, tag]
    showsMore = more.contains { !$0.value.isEmpty || $0.error != nil }
    self.chips = chips
    isActive = !chips.isEmpty
    let fields = [search, source, range, limit, type] + more
    invalidFields = fields.filter { $0.error != nil }
    otherErrors = form.errors(besides: fields)
    isInvalid = !form.errors.isEmpty
  }

  /// The conditions of a query, each of which can be taken away by itself.
  static func chips(_ query: EventQuery) -> [Chip] {
    query.filter.parts.map { part in
      var rest = query
      rest.cursor = nil
      rest.filter = part.rest
      return Chip(label: part.condition.label, query: FormURLEncoded.encode(rest.parameters))
    }
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

extension FilledForm {
  /// A field that takes a date and time without offset.
  fileprivate func moment(_ name: String, _ label: String) -> FieldView {
    let sent = value(name)
    return FieldView(
      name: name, label: label, value: Timestamp(rfc3339: sent)?.localDateTime ?? sent, error: error(name))
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
