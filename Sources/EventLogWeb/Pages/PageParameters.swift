import EventLog
import Text

/// The query parameters of the page: those of `/events`, and those that an HTML form needs in addition.
struct PageParameters {
  /// The parameters of `EventQuery`.
  private(set) var query: [(name: Text, value: Text)] = []
  /// The event that was just recorded.
  let created: EventID?
  /// Whether `query` differs from what was sent. The browser is then redirected to it, so that the address can be
  /// bookmarked and also works in the API.
  private(set) var isRewritten = false

  /// - Parameter parameters: the parameters as they were sent.
  init(_ parameters: [(name: Text, value: Text)]) {
    created = parameters.first { $0.name == "created" }.flatMap { EventID($0.value) }
    var range: Text = ""
    var (period, without): (Text?, Text?)
    for (name, value) in parameters {
      switch name {
      case "created": break
      // Other sites add these to links in order to follow people.
      case "_", "fbclid", "gclid": break
      case _ where name.dropping(prefix: "utm_") != nil: break
      case "range": if !value.isEmpty { range = value }
      case "period": period = value
      case "without": without = value
      case "since", "until": take(name, value)
      case "data": takeData(value)
      default: query.append((name, value))
      }
    }
    if let period {
      replaceTime(with: Array(zip(["since", "until"], period.split(separator: "/", maximumSplits: 1))))
    } else if !range.isEmpty {
      replaceTime(with: [("since", range)])
    }
    if let without { remove(without) }
    if isRewritten { query.removeAll(where: \.value.isEmpty) }
  }

  /// Takes a bound of time. A `datetime-local` field sends no offset, and may send no seconds.
  private mutating func take(_ name: Text, _ value: Text) {
    let text = value.string
    let moment = Timestamp(rfc3339: text, assumesUTC: true) ?? Timestamp(rfc3339: text + ":00Z")
    if let moment, Timestamp(rfc3339: text) == nil {
      query.append((name, Text(moment.description)))
      isRewritten = true
    } else {
      query.append((name, value))
    }
  }

  /// Takes a path and a value. A form can have no fields whose names depend on what is in them.
  private mutating func takeData(_ text: Text) {
    isRewritten = true
    if text.isEmpty { return }
    query.append(EventCondition.Parameter.data(text) ?? ("data.", text))
  }

  private mutating func replaceTime(with bounds: [(Text, Text)]) {
    query.removeAll { $0.name == "since" || $0.name == "until" }
    for (name, value) in bounds { query.append((name, value)) }
    isRewritten = true
  }

  /// Removes the parameters that have a name, or a name and a value with an equals sign in between.
  private mutating func remove(_ text: Text) {
    let parts = text.split(separator: "=", maximumSplits: 1)
    query.removeAll { $0.name == parts[0] && (parts.count == 1 || $0.value == parts[1]) }
    isRewritten = true
  }
}
