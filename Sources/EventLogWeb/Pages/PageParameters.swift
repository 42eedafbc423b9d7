import EventLog
import Text

/// The query parameters of the page: those of `/events`, and those that an HTML form needs in addition.
struct PageParameters {
  /// The parameters of `EventQuery`.
  let query: [(name: Text, value: Text)]
  /// The event that was just recorded.
  let created: EventID?
  /// Whether `query` differs from what was sent. The browser is then redirected to it, so that the address can be
  /// bookmarked and also works in the API.
  let isRewritten: Bool

  /// - Parameters:
  ///   - parameters: the parameters as they were sent.
  ///   - now: the moment at which a time range ends.
  init(_ parameters: [(name: Text, value: Text)], now: Timestamp) {
    created = parameters.first { $0.name == "created" }.flatMap { EventID($0.value) }
    var isRewritten = false
    var query: [(name: Text, value: Text)] = []
    var range: TimeRange?
    for (name, value) in parameters where name != "created" {
      switch name {
      case "range" where value.isEmpty: break
      case "range" where TimeRange(named: value) != nil: range = TimeRange(named: value)
      case "since", "until":
        // A `datetime-local` field sends no offset, and may send no seconds.
        let moment =
          Timestamp(rfc3339: value.string, assumesUTC: true) ?? Timestamp(rfc3339: value.string + ":00Z")
        if let moment, Timestamp(rfc3339: value.string) == nil {
          query.append((name, Text(moment.description)))
          isRewritten = true
        } else {
          query.append((name, value))
        }
      default: query.append((name, value))
      }
    }
    if let range {
      query.removeAll { $0.name == "since" || $0.name == "until" }
      query.append(
        ("since", Text(Timestamp(milliseconds: now.milliseconds - range.milliseconds).description)))
      isRewritten = true
    }
    self.query = isRewritten ? query.filter { !$0.value.isEmpty } : query
    self.isRewritten = isRewritten
  }
}
