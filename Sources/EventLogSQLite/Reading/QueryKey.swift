import EventLog

/// Tells queries apart by their bytes: texts that Swift considers equal, such as the two forms of `é`, are different
/// texts to a log.
struct QueryKey: Hashable {
  private var bytes: [UInt8] = []

  init(_ query: EventQuery) {
    append("sort", query.sort.rawValue)
    append("order", query.order.rawValue)
    append("limit", String(query.limit ?? 0))
    append("last", String(query.lastID?.number ?? 0))
    if let cursor = query.cursor {
      append(cursor.direction.rawValue, String(cursor.position.id.number))
      append("key", cursor.position.key ?? "")
    }
    append(query.filter)
  }

  private mutating func append(_ condition: EventCondition) {
    switch condition {
    case .all(let conditions): append("all", conditions)
    case .any(let conditions): append("any", conditions)
    case .not(let condition): append("not", [condition])
    case .type(let type): append("type", type.rawValue)
    case .source(let source): append("source", source)
    case .text(let terms): append("text", terms.text)
    case .since(let moment): append("since", String(moment.milliseconds))
    case .until(let moment): append("until", String(moment.milliseconds))
    case .userID(let userID): append("user_id", userID)
    case .requestID(let requestID): append("request_id", requestID)
    case .tag(let tag): append("tag", tag)
    }
  }

  private mutating func append(_ name: String, _ conditions: [EventCondition]) {
    append(name, String(conditions.count))
    for condition in conditions { append(condition) }
  }

  private mutating func append(_ name: String, _ value: String) {
    bytes += name.utf8
    // The length keeps one value from looking like several.
    withUnsafeBytes(of: value.utf8.count) { bytes += $0 }
    bytes += value.utf8
  }
}
