/// The filter's part of the query language: the same names in the API, the page and the command line.
extension EventCondition {
  /// The names of the parameters that make a filter.
  public static let parameterNames = Parameter.allCases.map(\.rawValue)

  /// The parameters that make a filter, in the order in which links have them.
  public enum Parameter: String, CaseIterable, Sendable {
    /// The name of an event type; repeated, any of several.
    case type
    /// Exactly the source.
    case source
    /// Terms with spaces between them, see `SearchTerms`.
    case search = "q"
    /// The first moment, RFC 3339.
    case since
    /// The first moment beyond, RFC 3339.
    case until
    /// Exactly the member.
    case userID = "user_id"
    /// Exactly the member.
    case requestID = "request_id"
    /// A tag; repeated, all of several.
    case tag

    /// Whether the parameter may be given more than once.
    public var isRepeatable: Bool {
      switch self {
      case .type, .tag: true
      case .source, .search, .since, .until, .userID, .requestID: false
      }
    }

    /// - Parameter value: the parameter's value, which is not empty.
    /// - Returns: the condition that the parameter makes.
    /// - Throws: `InvalidParameter` when the value cannot be what the parameter is.
    func condition(_ value: String) throws(InvalidParameter) -> EventCondition {
      switch self {
      case .type: .type(try eventType(value))
      case .source: .source(try name(value))
      case .search: .text(try SearchTerms(value))
      case .since: .since(try moment(value))
      case .until: .until(try moment(value))
      case .userID: .userID(try name(value))
      case .requestID: .requestID(try name(value))
      case .tag: .tag(try name(value, maximumLength: EventDraft.Limit.tagLength))
      }
    }
  }

  /// Adds the condition that one more parameter makes.
  ///
  /// - Parameters:
  ///   - parameter: the parameter.
  ///   - value: its value, which is not empty.
  /// - Throws: `InvalidParameter` when the value cannot be what the parameter is.
  mutating func add(_ parameter: Parameter, _ value: String) throws(InvalidParameter) {
    let condition = try parameter.condition(value)
    var conditions = conjuncts
    switch condition {
    case .type(let type):
      let others = conditions.firstIndex { $0.types != nil }.map { conditions.remove(at: $0) }
      conditions.append(.anyType(of: (others?.types ?? []).union([type])))
    case .tag(let tag):
      let tags = conditions.compactMap { if case .tag(let tag) = $0 { tag } else { nil } }
      guard tags.count < EventDraft.Limit.tagCount else {
        throw InvalidParameter(
          name: parameter.rawValue,
          detail: "is given more than \(EventDraft.Limit.tagCount) times, and no event has more tags")
      }
      if !tags.contains(where: tag.isIdentical) { conditions.append(condition) }
    default: conditions.append(condition)
    }
    // The same filter, whatever the order in which its parameters came.
    self = .all(
      Parameter.allCases.flatMap { parameter in
        conditions.filter { $0.spelling.first?.parameter == parameter }
      })
  }

  /// The parameters that make this condition again, in the order of `Parameter`.
  ///
  /// - Precondition: parameters can say it, as they can whatever was read from parameters. There is none for `not`, nor
  ///   for `any` of something else than types.
  public var parameters: [(name: String, value: String)] {
    let spelling = spelling
    return Parameter.allCases.flatMap { parameter in
      spelling.filter { $0.parameter == parameter }.map { (parameter.rawValue, $0.value) }
    }
  }

  private var spelling: [(parameter: Parameter, value: String)] {
    switch self {
    case .all(let conditions): return conditions.flatMap(\.spelling)
    case .any(let conditions):
      let types = conditions.flatMap(\.spelling)
      precondition(!types.isEmpty && types.allSatisfy { $0.parameter == .type }, "no parameter says this")
      return types
    case .not: preconditionFailure("no parameter says this")
    case .type(let type): return [(.type, type.rawValue)]
    case .source(let source): return [(.source, source)]
    case .text(let terms): return [(.search, terms.text)]
    case .since(let moment): return [(.since, moment.description)]
    case .until(let moment): return [(.until, moment.description)]
    case .userID(let userID): return [(.userID, userID)]
    case .requestID(let requestID): return [(.requestID, requestID)]
    case .tag(let tag): return [(.tag, tag)]
    }
  }
}

/// How the values of parameters are read.
extension EventCondition.Parameter {
  private func eventType(_ value: String) throws(InvalidParameter) -> EventType {
    guard let type = EventType(rawValue: value) else { throw invalid("must be \(EventType.allowedNames)") }
    return type
  }

  private func moment(_ value: String) throws(InvalidParameter) -> Timestamp {
    guard let timestamp = Timestamp(rfc3339: value) else {
      throw invalid("must be a date and time as in RFC 3339, such as 2024-01-15T14:30:00Z")
    }
    return timestamp
  }

  private func name(
    _ value: String, maximumLength: Int = EventDraft.Limit.nameLength
  ) throws(InvalidParameter) -> String {
    let length = value.unicodeScalars.count
    guard length <= maximumLength else {
      throw invalid("must be at most \(maximumLength) characters, not \(length)")
    }
    guard !value.hasControlCharacter() else {
      throw invalid("must not have control characters, since no event has them there")
    }
    return value
  }

  private func invalid(_ detail: String) -> InvalidParameter {
    InvalidParameter(name: rawValue, detail: detail)
  }
}
