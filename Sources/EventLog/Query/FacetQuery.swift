public import Text

/// A question to the log: which values of a member are the most frequent.
public struct FacetQuery: Hashable, Sendable {
  /// The members whose values can be counted.
  public enum Member: Hashable, Sendable {
    case type
    case source
    case userID
    case requestID
    case tag
    /// The values at a path of `data`.
    case data(DataPath)

    /// Finds a member by the name of its parameter, such as `user_id` or `data.order.id`.
    public init?(named name: Text) {
      if let path = name.dropping(prefix: "data.") {
        guard let path = DataPath(path) else { return nil }
        self = .data(path)
        return
      }
      switch name {
      case "type": self = .type
      case "source": self = .source
      case "user_id": self = .userID
      case "request_id": self = .requestID
      case "tag": self = .tag
      default: return nil
      }
    }

    /// The name of the parameter that selects one of the values.
    public var name: Text {
      switch self {
      case .type: "type"
      case .source: "source"
      case .userID: "user_id"
      case .requestID: "request_id"
      case .tag: "tag"
      case .data(let path): Text("data.\(path.text.string)")
      }
    }
  }

  /// The largest value of `limit`.
  public static let maximumLimit = 100
  /// The number of different values that are told apart. Events with one that comes later count among the others.
  public static let maximumValues = 100_000
  /// The size in bytes of the longest value that is told apart from others. A source, a user or a request is never longer.
  public static let maximumValueSize = 1000
  /// The parameters in addition to those of the filter.
  private enum OwnParameter: String, CaseIterable {
    case by, limit
  }

  /// The names of all parameters.
  public static let parameterNames = EventCondition.parameterNames + OwnParameter.allCases.map(\.rawValue)

  public var filter = EventCondition.everything
  public let member: Member
  /// The largest number of values in the answer.
  public var limit = 10
  /// Who asks; nil for the program itself. It does not change the answer.
  public var client: Client?

  public init(_ member: Member) {
    self.member = member
  }

  /// Reads a query from decoded names and values: those of `EventCondition`; `by`, which is `type`, `source`, `user_id`,
  /// `request_id`, `tag` or `data.` with a path; and `limit`, 1 to 100.
  ///
  /// - Parameters:
  ///   - parameters: the names and values in the order they were given; a parameter with an empty value counts as absent.
  ///   - now: the moment before which spans of time lie.
  /// - Throws: `InvalidQuery` that names every unknown, repeated, missing or invalid parameter.
  public init(parameters: [(name: Text, value: Text)], now: Timestamp = .now()) throws(InvalidQuery) {
    var filter = EventCondition.everything
    var (member, limit): (Member?, Int?)
    var isGiven = false
    var reader = ParameterReader(now: now)
    reader.read(parameters, into: &filter) { (parameter: OwnParameter, value) throws(InvalidParameter) in
      switch parameter {
      case .by:
        isGiven = true
        member = Member(named: value)
        if member == nil { throw Self.invalidMember }
      case .limit:
        limit = Int(parameter: value.string, in: 1...Self.maximumLimit)
        guard limit != nil else {
          throw InvalidParameter(
            name: "limit", detail: "must be a whole number from 1 to \(Self.maximumLimit)")
        }
      }
    }
    if !isGiven { reader.note(Self.invalidMember) }
    try reader.finish()
    guard let member else { throw InvalidQuery(errors: [Self.invalidMember]) }
    self.init(member)
    self.filter = filter
    self.limit = limit ?? self.limit
  }

  private static let invalidMember = InvalidParameter(
    name: "by",
    detail: "must be type, source, user_id, request_id, tag, or data. and a path, such as data.order.id")

  /// A short text that differs between queries.
  public var fingerprint: String {
    EventQuery.fingerprint(of: filter.parameters + [("by", member.name), ("limit", Text(String(limit)))])
  }
}
