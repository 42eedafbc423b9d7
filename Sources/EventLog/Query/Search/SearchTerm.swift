import JSON
import Text

/// One thing that a search asks for, or excludes: a text, or a condition on a member.
struct SearchTerm: Hashable, Sendable {
  /// What an event has to have.
  enum Subject: Hashable, Sendable {
    /// The text is in the source or the message.
    case text(Text)
    case type(EventType)
    case source(Text)
    case userID(Text)
    case requestID(Text)
    case tag(Text)
    case data(DataLeaf)
    case number(NumberComparison)
    case has(OptionalMember)
    case since(TimeBound, by: EventTime)
    case until(TimeBound, by: EventTime)
    /// It was recorded on the day, in UTC, that starts at this moment.
    case on(Timestamp)
  }

  let subject: Subject
  /// Whether the events that have it do not match.
  let isExcluded: Bool

  /// Returns the condition that the term expresses.
  ///
  /// - Parameter now: the moment before which spans of time lie.
  /// - Returns: the condition.
  func condition(at now: Timestamp) -> EventCondition {
    isExcluded ? .not(subject.condition(at: now)) : subject.condition(at: now)
  }

  /// Whether the moment that the term stands for depends on when it is read.
  var isRelative: Bool {
    switch subject {
    case .since(.ago, _), .until(.ago, _): true
    default: false
    }
  }

  /// Returns the same term with the moment that it stands for in place of a span before now.
  func resolved(at now: Timestamp) -> SearchTerm {
    switch subject {
    case .since(let bound, let time):
      SearchTerm(subject: .since(.moment(bound.moment(at: now)), by: time), isExcluded: isExcluded)
    case .until(let bound, let time):
      SearchTerm(subject: .until(.moment(bound.moment(at: now)), by: time), isExcluded: isExcluded)
    case .text, .type, .source, .userID, .requestID, .tag, .data, .number, .has, .on: self
    }
  }
}

extension SearchTerm.Subject {
  func condition(at now: Timestamp) -> EventCondition {
    switch self {
    case .text(let text): .text(SearchTerms([text]))
    case .type(let type): .type(type)
    case .source(let source): .source(source)
    case .userID(let userID): .userID(userID)
    case .requestID(let requestID): .requestID(requestID)
    case .tag(let tag): .tag(tag)
    case .data(let leaf): .data(leaf)
    case .number(let comparison): .number(comparison)
    case .has(let member): .has(member)
    case .since(let bound, let time): .since(bound.moment(at: now), by: time)
    case .until(let bound, let time): .until(bound.moment(at: now), by: time)
    case .on(let start):
      .all([
        .since(start), .until(Timestamp(milliseconds: start.milliseconds + Self.millisecondsPerDay)),
      ])
    }
  }

  private static let millisecondsPerDay: Int64 = 86_400_000
}
