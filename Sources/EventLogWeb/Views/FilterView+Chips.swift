import EventLog
import HTTPCore

extension FilterView {
  /// A condition that can be taken away by itself.
  struct Chip {
    let label: String
    /// The query without it, to be put behind a question mark.
    let query: String
  }

  /// The conditions of a query.
  static func chips(_ query: EventQuery) -> [Chip] {
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
