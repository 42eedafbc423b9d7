public import Text

/// A bound of a span of time, as people write it.
public enum TimeBound: Hashable, Sendable {
  /// A moment: an RFC 3339 date and time, or a date, which stands for its first moment in UTC.
  case moment(Timestamp)
  /// The moment that lies so long before now.
  case ago(TimeSpan)

  /// What a bound of time must be, as the end of a sentence.
  static let form = """
    must be an RFC 3339 date and time such as 2024-01-15T14:30:00Z, a date such as 2024-01-15, \
    or a span before now such as 15m, 24h, 7d or 2w
    """

  /// Reads a bound: `2024-01-15T15:30:00+01:00`, `2024-01-15`, or `15m`, `24h`, `7d`, `2w`.
  ///
  /// The result is nil when the text is none of these.
  ///
  /// - Parameter bound: the bound as it was written.
  public init?(_ bound: Text) {
    let text = bound.string
    if let moment = Timestamp(rfc3339: text) ?? Timestamp(date: text) {
      self = .moment(moment)
    } else if text.utf8.count <= Self.maximumSpanLength, let span = TimeSpan(text) {
      self = .ago(span)
    } else {
      return nil
    }
  }

  /// Returns the moment that the bound stands for.
  ///
  /// - Parameter now: the moment before which a span lies.
  /// - Returns: the moment, at the earliest the first that can be written.
  public func moment(at now: Timestamp) -> Timestamp {
    switch self {
    case .moment(let moment): moment
    case .ago(let span): max(Timestamp(milliseconds: now.milliseconds - span.milliseconds), .earliest)
    }
  }

  /// The length of the longest text that is read as a span, in bytes.
  private static let maximumSpanLength = 20

  /// The bound as it is written.
  public var text: String {
    switch self {
    case .moment(let moment): moment.description
    case .ago(let span): span.description
    }
  }
}

extension Timestamp {
  /// Reads a date, which stands for its first moment in UTC; the result is nil when the text is not one.
  init?(date text: String) {
    guard text.utf8.count == "2024-01-15".utf8.count else { return nil }
    self.init(rfc3339: text + "T00:00:00Z")
  }
}
