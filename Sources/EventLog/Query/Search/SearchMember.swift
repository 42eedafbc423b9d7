import Text

/// The names of members and times in a search. Those of `data` start with `data.`.
enum SearchMember: String, CaseIterable {
  case type, source, user, request, tag, has, since, until, on
  case occurredSince = "occurred_since"
  case occurredUntil = "occurred_until"
  /// The names that the parameters have.
  case userID = "user_id"
  case requestID = "request_id"

  static func since(by time: EventTime) -> SearchMember {
    switch time {
    case .timestamp: .since
    case .occurredAt: .occurredSince
    }
  }

  static func until(by time: EventTime) -> SearchMember {
    switch time {
    case .timestamp: .until
    case .occurredAt: .occurredUntil
    }
  }

  /// Reads the value after the name.
  ///
  /// - Throws: `InvalidParameter` whose detail says what the value must be.
  func subject(_ value: Text) throws(InvalidParameter) -> SearchTerm.Subject {
    switch self {
    case .type: .type(try EventCondition.Parameter.type.eventType(value))
    case .source: .source(try EventCondition.Parameter.source.checked(value))
    case .user, .userID: .userID(try EventCondition.Parameter.userID.checked(value))
    case .request, .requestID: .requestID(try EventCondition.Parameter.requestID.checked(value))
    case .tag:
      .tag(try EventCondition.Parameter.tag.checked(value, maximumLength: EventDraft.Limit.tagLength))
    case .has: .has(try optionalMember(value))
    case .since: .since(try bound(value), by: .timestamp)
    case .until: .until(try bound(value), by: .timestamp)
    case .occurredSince: .since(try bound(value), by: .occurredAt)
    case .occurredUntil: .until(try bound(value), by: .occurredAt)
    case .on: .on(try day(value))
    }
  }

  private func optionalMember(_ value: Text) throws(InvalidParameter) -> OptionalMember {
    guard let member = OptionalMember(value) else {
      throw invalid("must be user, request, tag, data or a member of data such as data.order.id")
    }
    return member
  }

  private func bound(_ value: Text) throws(InvalidParameter) -> TimeBound {
    guard let bound = TimeBound(value) else { throw invalid(TimeBound.form) }
    return bound
  }

  private func day(_ value: Text) throws(InvalidParameter) -> Timestamp {
    guard let day = Timestamp(date: value.string) else { throw invalid("must be a date such as 2024-01-15") }
    return day
  }

  private func invalid(_ detail: String) -> InvalidParameter {
    InvalidParameter(name: SearchQuery.parameterName, detail: detail)
  }
}
