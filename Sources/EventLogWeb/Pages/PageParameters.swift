import EventLog

/// The query of the page: that of `/events`, with what a form cannot say in its language.
struct PageParameters {
  /// Those of `EventQuery`.
  let query: [(name: String, value: String)]
  /// The event that was just recorded.
  let created: EventID?
  /// Whether `query` says something else than what was sent: the address is to be changed to it, so that it can be
  /// kept and the same works in the API.
  let isRewritten: Bool

  /// - Parameters:
  ///   - parameters: as they were sent.
  ///   - now: where spans of time end.
  init(_ parameters: [(name: String, value: String)], now: Timestamp) {
    created = parameters.first { $0.name == "created" }.flatMap { EventID($0.value) }
    var isRewritten = false
    var query: [(name: String, value: String)] = []
    var range: TimeRange?
    for (name, value) in parameters where name != "created" {
      switch name {
      case "range" where value.isEmpty: break
      case "range" where TimeRange(rawValue: value) != nil: range = TimeRange(rawValue: value)
      case "since", "until":
        // What `datetime-local` sends has no offset, and perhaps no seconds.
        let moment = Timestamp(rfc3339: value, assumesUTC: true) ?? Timestamp(rfc3339: value + ":00Z")
        if let moment, Timestamp(rfc3339: value) == nil {
          query.append((name, moment.description))
          isRewritten = true
        } else {
          query.append((name, value))
        }
      default: query.append((name, value))
      }
    }
    if let range {
      query.removeAll { $0.name == "since" || $0.name == "until" }
      query.append(("since", Timestamp(milliseconds: now.milliseconds - range.milliseconds).description))
      isRewritten = true
    }
    self.query = isRewritten ? query.filter { !$0.value.isEmpty } : query
    self.isRewritten = isRewritten
  }
}
