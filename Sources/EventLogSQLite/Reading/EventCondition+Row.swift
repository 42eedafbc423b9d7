import EventLog
import Text

extension EventCondition {
  /// The columns that `matches(_:)` reads from a row.
  var columns: Set<EventColumn> {
    switch self {
    case .all(let conditions), .any(let conditions): conditions.reduce(into: []) { $0.formUnion($1.columns) }
    case .not(let condition): condition.columns
    case .search(let search): search.condition.columns
    case .type: [.type]
    case .source: [.source]
    case .text: [.source, .message]
    case .since(_, let time), .until(_, let time): time.columns
    case .userID: [.userID]
    case .requestID: [.requestID]
    case .tag: [.tags]
    case .data, .number: [.data]
    case .has(let member): [member.column]
    }
  }

  /// Checks the event of a row.
  ///
  /// - Parameter row: a row that has the columns `columns`.
  /// - Returns: whether the event meets the condition.
  /// - Throws: an error when a text that decides is not valid.
  func matches(_ row: ResultRow) throws -> Bool {
    switch self {
    case .all(let conditions): try conditions.allSatisfy { try $0.matches(row) }
    case .any(let conditions): try conditions.contains { try $0.matches(row) }
    case .not(let condition): try !condition.matches(row)
    case .type(let type): row.has(Text(type.rawValue), in: .type)
    case .source(let source): row.has(source, in: .source)
    case .search(let search): try search.condition.matches(row)
    case .text(let terms): try terms.match(source: row.bytes(.source).span, message: row.bytes(.message).span)
    case .since(let moment, let time): row.moment(of: time) >= moment
    case .until(let moment, let time): row.moment(of: time) < moment
    case .userID(let userID): row.has(userID, in: .userID)
    case .requestID(let requestID): row.has(requestID, in: .requestID)
    case .tag(let tag): try StoredEvent.tags(row.bytes(.tags)).contains { Text($0) == tag }
    case .data(let leaf): try StoredEvent.leaves(row.bytes(.data)).contains(leaf)
    case .number(let comparison): try StoredEvent.leaves(row.bytes(.data)).contains(where: comparison.holds)
    case .has(let member): try row.has(member)
    }
  }
}

extension ResultRow {
  /// Returns whether a column has exactly a text.
  fileprivate func has(_ text: Text, in column: EventColumn) -> Bool {
    bytes(column).elementsEqual(text.utf8)
  }

  fileprivate func has(_ member: OptionalMember) throws -> Bool {
    let bytes = bytes(member.column)
    return switch member {
    case .userID, .requestID: !bytes.isEmpty
    case .tag: try !StoredEvent.tags(bytes).isEmpty
    case .data: try !StoredEvent.leaves(bytes).isEmpty
    case .dataMember(let path): try StoredEvent.leaves(bytes).contains { $0.path.starts(with: path) }
    }
  }
}

extension OptionalMember {
  /// The column that has the member.
  fileprivate var column: EventColumn {
    switch self {
    case .userID: .userID
    case .requestID: .requestID
    case .tag: .tags
    case .data, .dataMember: .data
    }
  }
}
