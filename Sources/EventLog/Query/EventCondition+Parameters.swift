public import Text

/// The filter's part of the query language. The API, the page and the command line use the same names.
extension EventCondition {
  /// The names of the parameters that make up a filter.
  public static let parameterNames = Parameter.allCases.map(\.name)

  /// The parameters that make up a filter, in the order in which links contain them.
  public enum Parameter: String, CaseIterable, Sendable {
    /// The name of an event type; if repeated, any of the types matches.
    case type
    /// The exact source.
    case source
    /// What people type; see `SearchQuery`.
    case search = "q"
    /// The first moment that matches; see `TimeBound`.
    case since
    /// The first moment that no longer matches; see `TimeBound`.
    case until
    /// Like `since`, for the time at which an event happened.
    case occurredSince = "occurred_since"
    /// Like `until`, for the time at which an event happened.
    case occurredUntil = "occurred_until"
    /// The user's exact id.
    case userID = "user_id"
    /// The request's exact id.
    case requestID = "request_id"
    /// A tag; if repeated, an event must have all of the tags.
    case tag
    /// A value in `data`. The path of the value is a part of the parameter's name, as in `data.order.id`; see `DataPath`
    /// and `DataValue`.
    case data

    /// The name as documentation shows it.
    public var name: String { self == .data ? "data.PATH" : rawValue }

    /// Finds the parameter that a name stands for; the result is nil when there is none.
    public init?(named name: Text) {
      if name.dropping(prefix: "data.") != nil {
        self = .data
        return
      }
      guard let parameter = Self.allCases.first(where: { $0 != .data && Text($0.rawValue) == name }) else {
        return nil
      }
      self = parameter
    }

    /// Returns the parameter for a path and a value in one text, such as `order.id=42`.
    ///
    /// - Parameter text: the text, with an equals sign after the path.
    /// - Returns: the parameter; nil when no path is before an equals sign.
    public static func data(_ text: Text) -> (name: Text, value: Text)? {
      let parts = text.split(separator: "=").map(\.string)
      // A name in quotes may have the sign, too.
      for count in parts.indices.dropFirst() {
        let path = parts[..<count].joined(separator: "=")
        if DataPath(Text(path)) != nil {
          return (Text("data.\(path)"), Text(parts[count...].joined(separator: "=")))
        }
      }
      return nil
    }

    /// The parameter for the first moment that matches.
    public static func since(by time: EventTime) -> Parameter {
      switch time {
      case .timestamp: .since
      case .occurredAt: .occurredSince
      }
    }

    /// The parameter for the first moment that no longer matches.
    public static func until(by time: EventTime) -> Parameter {
      switch time {
      case .timestamp: .until
      case .occurredAt: .occurredUntil
      }
    }

    /// Whether the parameter is a bound of time.
    public var isTimeBound: Bool {
      switch self {
      case .since, .until, .occurredSince, .occurredUntil: true
      case .type, .source, .search, .userID, .requestID, .tag, .data: false
      }
    }

    /// Whether the parameter may be given more than once.
    public var isRepeatable: Bool {
      switch self {
      case .type, .tag, .data: true
      case .source, .search, .since, .until, .occurredSince, .occurredUntil, .userID, .requestID: false
      }
    }

    /// Reads the condition that the parameter expresses.
    ///
    /// - Parameters:
    ///   - name: the parameter's name.
    ///   - value: the parameter's value, which is not empty.
    ///   - now: the moment before which spans of time lie.
    /// - Returns: the condition.
    /// - Throws: `InvalidParameter` when the value is not valid for the parameter.
    func condition(_ name: Text, _ value: Text, at now: Timestamp) throws(InvalidParameter) -> EventCondition
    {
      switch self {
      case .type: .type(try eventType(value))
      case .source: .source(try checked(value))
      case .search: .search(try SearchQuery(value, now: now))
      case .since: .since(try moment(value, at: now))
      case .until: .until(try moment(value, at: now))
      case .occurredSince: .since(try moment(value, at: now), by: .occurredAt)
      case .occurredUntil: .until(try moment(value, at: now), by: .occurredAt)
      case .userID: .userID(try checked(value))
      case .requestID: .requestID(try checked(value))
      case .tag: .tag(try checked(value, maximumLength: EventDraft.Limit.tagLength))
      case .data: .data(DataLeaf(path: try path(name), value: DataValue(value)))
      }
    }
  }

  /// Adds the condition that another parameter expresses.
  ///
  /// - Parameters:
  ///   - parameter: the parameter.
  ///   - name: its name.
  ///   - value: its value, which is not empty.
  ///   - now: the moment before which spans of time lie.
  /// - Throws: `InvalidParameter` when the value is not valid for the parameter.
  mutating func add(
    _ parameter: Parameter, _ name: Text, _ value: Text, at now: Timestamp
  ) throws(InvalidParameter) {
    let condition = try parameter.condition(name, value, at: now)
    var conditions = conjuncts
    switch condition {
    case .type(let type):
      let others = conditions.firstIndex { $0.spelling.first?.parameter == .type }.map {
        conditions.remove(at: $0)
      }
      conditions.append(.anyType(of: (others?.types ?? []).union([type])))
    case .tag(let tag):
      let tags = conditions.compactMap { if case .tag(let tag) = $0 { tag } else { nil } }
      guard tags.count < EventDraft.Limit.tagCount else {
        throw InvalidParameter(
          name: Text(parameter.rawValue),
          detail: "is given more than \(EventDraft.Limit.tagCount) times, but no event has that many tags")
      }
      if !tags.contains(tag) { conditions.append(condition) }
    default: if !conditions.contains(condition) { conditions.append(condition) }
    }
    // The filter is the same, whatever the order of its parameters.
    self = .all(
      Parameter.allCases.flatMap { parameter in
        conditions.filter { $0.spelling.first?.parameter == parameter }
      })
  }

  /// The parameters that produce this condition, in the order of `Parameter`.
  ///
  /// - Precondition: Parameters can express the condition, as they can every condition that was read from parameters.
  ///   Outside a search, they cannot express `not`, nor `any` of anything except types.
  public var parameters: [(name: Text, value: Text)] {
    let spelling = spelling
    if spelling.isEmpty { return [] }
    return Parameter.allCases.flatMap { parameter in
      spelling.filter { $0.parameter == parameter }.map { ($0.name ?? Text(parameter.rawValue), $0.value) }
    }
  }

  /// The parameters, their values, and their names if they have other ones than the parameter's own.
  private var spelling: [(parameter: Parameter, value: Text, name: Text?)] {
    switch self {
    case .all(let conditions): return conditions.flatMap(\.spelling)
    case .any(let conditions):
      let types = conditions.flatMap(\.spelling)
      precondition(
        !types.isEmpty && types.allSatisfy { $0.parameter == .type }, "no parameter expresses this")
      return types
    case .not, .text, .number, .has: preconditionFailure("no parameter expresses this")
    case .type(let type): return [(.type, Text(type.rawValue), nil)]
    case .source(let source): return [(.source, source, nil)]
    case .search(let search): return [(.search, search.resolved.text, nil)]
    case .since(let moment, let time): return [(.since(by: time), Text(moment.description), nil)]
    case .until(let moment, let time): return [(.until(by: time), Text(moment.description), nil)]
    case .userID(let userID): return [(.userID, userID, nil)]
    case .requestID(let requestID): return [(.requestID, requestID, nil)]
    case .tag(let tag): return [(.tag, tag, nil)]
    case .data(let leaf): return [(.data, leaf.value.text, Text("data.\(leaf.path.text.string)"))]
    }
  }
}

/// The reading of the parameters' values.
extension EventCondition.Parameter {
  func eventType(_ value: Text) throws(InvalidParameter) -> EventType {
    guard let type = EventType(named: value) else { throw invalid("must be \(EventType.allowedNames)") }
    return type
  }

  private func moment(_ value: Text, at now: Timestamp) throws(InvalidParameter) -> Timestamp {
    guard let bound = TimeBound(value) else { throw invalid(TimeBound.form) }
    return bound.moment(at: now)
  }

  private func path(_ name: Text) throws(InvalidParameter) -> DataPath {
    guard let path = name.dropping(prefix: "data.").flatMap(DataPath.init) else {
      throw InvalidParameter(
        name: Text(name.abridged),
        detail:
          "must be data. and the names of members with dots in between, in quotes where they are not simple")
    }
    return path
  }

  func checked(
    _ value: Text, maximumLength: Int = EventDraft.Limit.nameLength
  ) throws(InvalidParameter) -> Text {
    let value = value.trimmed
    let length = value.unicodeScalars.count
    guard length <= maximumLength else {
      throw invalid("must be at most \(maximumLength) characters, not \(length)")
    }
    guard !value.isEmpty else { throw invalid("must not be blank") }
    guard !value.string.hasControlCharacter() else {
      throw invalid("must not contain control characters, since no event has any there")
    }
    return value
  }

  private func invalid(_ detail: String) -> InvalidParameter {
    InvalidParameter(name: Text(rawValue), detail: detail)
  }
}
