public import Text

/// The query language. The API, the page and the command line use the same names.
extension EventQuery {
  /// The parameters in addition to those of the filter.
  private enum OwnParameter: String, CaseIterable {
    case after, sort, order, limit, cursor
  }

  /// What `after` has in place of an id where every event is later: where a client has seen a log without events.
  public static let idBeforeFirst: Text = "evt_000"

  /// The names of all parameters of a query.
  public static let parameterNames = EventCondition.parameterNames + OwnParameter.allCases.map(\.rawValue)

  /// Reads a query from decoded names and values: those of `EventCondition`, and
  ///
  /// | name | value | default |
  /// |---|---|---|
  /// | `after` | the id of an event, or `evt_000`; only what was recorded later matches | all events |
  /// | `sort` | `timestamp`, `type` or `source` | the one in `defaults` |
  /// | `order` | `asc` or `desc` | the one in `defaults` |
  /// | `limit` | 1 to 1000 | the one in `defaults` |
  /// | `cursor` | the value in a link of an earlier response to the same query | the first page |
  ///
  /// A parameter with an empty value counts as absent, because HTML forms send empty values for empty fields.
  ///
  /// - Parameters:
  ///   - parameters: the names and values in the order they were given.
  ///   - defaults: the query that applies when there are no parameters.
  ///   - now: the moment before which spans of time lie. The query holds the moments that they stand for.
  /// - Throws: `InvalidQuery` that names every unknown, repeated or invalid parameter.
  public init(
    parameters: [(name: Text, value: Text)], defaults: EventQuery = EventQuery(), now: Timestamp = .now()
  ) throws(InvalidQuery) {
    var query = defaults
    var filter = defaults.filter
    var cursorText: Text?
    var reader = ParameterReader(now: now)
    reader.read(parameters, into: &filter) { (parameter: OwnParameter, value) throws(InvalidParameter) in
      func invalid(_ detail: String) -> InvalidParameter {
        InvalidParameter(name: Text(parameter.rawValue), detail: detail)
      }
      switch parameter {
      case .after:
        query.after = EventID(value)
        if query.after == nil, value != Self.idBeforeFirst {
          throw invalid("must be the id of an event, such as evt_010")
        }
      case .sort:
        guard let sort = Sort(named: value) else { throw invalid("must be timestamp, type or source") }
        query.sort = sort
      case .order:
        guard let order = Order(named: value) else { throw invalid("must be asc or desc") }
        query.order = order
      case .limit:
        guard let limit = Int(parameter: value.string, in: 1...Self.maximumLimit) else {
          throw invalid("must be a whole number from 1 to \(Self.maximumLimit)")
        }
        query.limit = limit
      case .cursor: cursorText = value
      }
    }
    query.filter = filter
    if cursorText != nil, query.limit == nil {
      reader.note(
        InvalidParameter(name: "cursor", detail: "requires the limit from the same link"))
    }
    if let cursorText, reader.errors.isEmpty {
      query.cursor = query.cursor(decoding: cursorText)
      if query.cursor == nil {
        reader.note(
          InvalidParameter(
            name: "cursor", detail: "was not issued by this log for this filter, sort and order"))
      }
    }
    try reader.finish()
    self = query
  }

  /// The parameters that produce this query, whatever the defaults are; `lastID` has no parameter.
  public var parameters: [(name: Text, value: Text)] {
    var parameters = unpagedParameters
    if let limit { parameters.append(("limit", Text(String(limit)))) }
    if let cursorText { parameters.append(("cursor", cursorText)) }
    return parameters
  }

  /// The value of the parameter `cursor`, which is the last of `parameters`; nil for the first page.
  public var cursorText: Text? { cursor.map(encode) }

  /// The parameters that determine the events and their order, but not the page.
  private var unpagedParameters: [(name: Text, value: Text)] {
    let after: [(name: Text, value: Text)] =
      if let after { [("after", Text(after.description))] } else { [] }
    return filter.parameters + after + [("sort", Text(sort.rawValue)), ("order", Text(order.rawValue))]
  }

  /// A short text that differs between queries. It is derived from their parameters, without `lastID`.
  public var fingerprint: String {
    Self.fingerprint(of: parameters)
  }

  static func fingerprint(of parameters: [(name: Text, value: Text)]) -> String {
    var digest = FNV1a()
    for (name, value) in parameters {
      digest.add(name.string.utf8Span.span)
      digest.add(UInt8(ascii: "="))
      digest.add(value.string.utf8Span.span)
      digest.add(UInt8(0))
    }
    return digest.text
  }
}

/// The text of a cursor. It consists of the direction, the id, a fingerprint of filter and order, and the key if the
/// query sorts by one. The fingerprint keeps a cursor from being used with a query that it does not belong to.
extension EventQuery {
  private func encode(_ cursor: EventCursor) -> Text {
    let position = cursor.position
    return Text(
      cursor.direction.rawValue + String(position.id.number, radix: 36) + "."
        + Self.fingerprint(of: unpagedParameters) + (position.key.map { "." + $0.string } ?? ""))
  }

  private func cursor(decoding text: Text) -> EventCursor? {
    let parts = text.split(separator: ".", maximumSplits: 2)
    guard parts.count == (sort == .timestamp ? 2 : 3), let place = Self.place(decoding: parts[0])
    else { return nil }
    let position = EventPosition(key: parts.count == 3 ? parts[2] : nil, id: place.id)
    let cursor = EventCursor(place.direction, of: position)
    return encode(cursor) == text ? cursor : nil
  }

  private static func place(decoding text: Text) -> (direction: EventCursor.Direction, id: EventID)? {
    guard let first = text.unicodeScalars.first,
      let direction = EventCursor.Direction(named: Text(String(first))),
      let number = Int64(String(text.unicodeScalars.dropFirst()), radix: 36), let id = EventID(number)
    else { return nil }
    return (direction, id)
  }
}
