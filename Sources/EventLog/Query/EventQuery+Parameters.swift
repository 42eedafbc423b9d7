/// The query language: the same names in the API, the page and the command line.
extension EventQuery {
  /// The parameters besides those of the filter.
  private enum OwnParameter: String, CaseIterable {
    case sort, order, limit, cursor
  }

  /// The names of all parameters of a query.
  public static let parameterNames = EventCondition.parameterNames + OwnParameter.allCases.map(\.rawValue)

  /// Reads a query from decoded names and values: those of `EventCondition`, and
  ///
  /// | name | value | default |
  /// |---|---|---|
  /// | `sort` | `timestamp`, `type` or `source` | that of `defaults` |
  /// | `order` | `asc` or `desc` | that of `defaults` |
  /// | `limit` | 1 to 1000 | that of `defaults` |
  /// | `cursor` | from a link of an earlier answer to the same query | the first page |
  ///
  /// An empty value is an absent parameter, which is what an HTML form sends for an empty field.
  ///
  /// - Parameters:
  ///   - parameters: in the order they were given.
  ///   - defaults: the query of no parameters at all.
  /// - Throws: `InvalidQuery` that names every unknown, repeated or invalid parameter.
  public init(
    parameters: [(name: String, value: String)], defaults: EventQuery = EventQuery()
  ) throws(InvalidQuery) {
    var query = defaults
    var filter = defaults.filter
    var cursorText: String?
    var reader = ParameterReader()
    reader.read(parameters, into: &filter) { (parameter: OwnParameter, value) throws(InvalidParameter) in
      func invalid(_ detail: String) -> InvalidParameter {
        InvalidParameter(name: parameter.rawValue, detail: detail)
      }
      switch parameter {
      case .sort:
        guard let sort = Sort(rawValue: value) else { throw invalid("must be timestamp, type or source") }
        query.sort = sort
      case .order:
        guard let order = Order(rawValue: value) else { throw invalid("must be asc or desc") }
        query.order = order
      case .limit:
        guard let limit = Int(parameter: value, in: 1...Self.maximumLimit) else {
          throw invalid("must be a whole number from 1 to \(Self.maximumLimit)")
        }
        query.limit = limit
      case .cursor: cursorText = value
      }
    }
    query.filter = filter
    if cursorText != nil, query.limit == nil {
      reader.note(
        InvalidParameter(name: "cursor", detail: "needs the limit that stands beside it in the link"))
    }
    if let cursorText, reader.errors.isEmpty {
      query.cursor = query.cursor(decoding: cursorText)
      if query.cursor == nil {
        reader.note(
          InvalidParameter(
            name: "cursor", detail: "is not one that this log gave for this filter, sort and order"))
      }
    }
    try reader.finish()
    self = query
  }

  /// The parameters that make this query again, whatever the defaults; `lastID` has none.
  public var parameters: [(name: String, value: String)] {
    var parameters = unpagedParameters
    if let limit { parameters.append(("limit", String(limit))) }
    if let cursorText { parameters.append(("cursor", cursorText)) }
    return parameters
  }

  /// The value of the last of `parameters`, `cursor`; nil for the first page.
  public var cursorText: String? { cursor.map(encode) }

  /// Those that tell which events there are and in what order, and not which page of them.
  private var unpagedParameters: [(name: String, value: String)] {
    filter.parameters + [("sort", sort.rawValue), ("order", order.rawValue)]
  }

  /// A short text that differs between queries: of their parameters, without `lastID`.
  public var fingerprint: String {
    Self.fingerprint(of: parameters)
  }

  static func fingerprint(of parameters: [(name: String, value: String)]) -> String {
    var digest = FNV1a()
    for (name, value) in parameters {
      digest.add(name.utf8)
      digest.add("=".utf8)
      digest.add(value.utf8)
      digest.add(CollectionOfOne(0))
    }
    return digest.text
  }
}

/// The text of a cursor: direction, id, a fingerprint of filter and order, so that a cursor cannot be used with a
/// query that it does not belong to, and the key where the query is sorted by one.
extension EventQuery {
  private func encode(_ cursor: EventCursor) -> String {
    let position = cursor.position
    return cursor.direction.rawValue + String(position.id.number, radix: 36) + "."
      + Self.fingerprint(of: unpagedParameters) + (position.key.map { "." + $0 } ?? "")
  }

  private func cursor(decoding text: String) -> EventCursor? {
    let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == (sort == .timestamp ? 2 : 3),
      let direction = EventCursor.Direction(rawValue: String(parts[0].prefix(1))),
      let id = Int64(parts[0].dropFirst(), radix: 36).flatMap(EventID.init)
    else { return nil }
    let position = EventPosition(key: parts.count == 3 ? String(parts[2]) : nil, id: id)
    let cursor = EventCursor(direction, of: position)
    return encode(cursor).utf8.elementsEqual(text.utf8) ? cursor : nil
  }
}
