/// The filter's part of the query language: the same names in the API, the page and the command line.
///
/// | name | value |
/// |---|---|
/// | `type` | an event type; repeat it for any of several |
/// | `source` | exactly the source |
/// | `q` | terms with spaces between them, see `SearchTerms` |
/// | `since` | the first moment, RFC 3339 |
/// | `until` | the first moment beyond, RFC 3339 |
/// | `user_id`, `request_id` | exactly the member |
/// | `tag` | a tag; repeat it for all of several |
extension EventFilter {
  public static let parameterNames = [
    "type", "source", "q", "since", "until", "user_id", "request_id", "tag",
  ]
  /// The names that may be given more than once.
  public static let repeatableParameters: Set<String> = ["type", "tag"]

  /// Takes one parameter in.
  ///
  /// - Parameters:
  ///   - name: of `parameterNames`.
  ///   - value: not empty.
  /// - Throws: `InvalidParameter` when the value cannot be what the parameter is.
  mutating func read(_ name: String, _ value: String) throws(InvalidParameter) {
    switch name {
    case "type":
      guard let type = EventType(rawValue: value) else {
        throw InvalidParameter(name: name, detail: "must be \(EventType.allowedNames)")
      }
      types.insert(type)
    case "source": source = try Self.text(name, value, maximumLength: EventDraft.Limit.nameLength)
    case "q": search = try SearchTerms(value)
    case "since": since = try Self.moment(name, value)
    case "until": until = try Self.moment(name, value)
    case "user_id": userID = try Self.text(name, value, maximumLength: EventDraft.Limit.nameLength)
    case "request_id": requestID = try Self.text(name, value, maximumLength: EventDraft.Limit.nameLength)
    case "tag":
      let tag = try Self.text(name, value, maximumLength: EventDraft.Limit.tagLength)
      guard tags.count < EventDraft.Limit.tagCount else {
        throw InvalidParameter(
          name: name,
          detail: "is given more than \(EventDraft.Limit.tagCount) times, and no event has more tags")
      }
      if !tags.contains(where: { $0.utf8.elementsEqual(tag.utf8) }) { tags.append(tag) }
    default: break
    }
  }

  /// The parameters that make this filter again.
  public var parameters: [(name: String, value: String)] {
    var parameters = EventType.allCases.filter(types.contains).map { ("type", $0.rawValue) }
    func add(_ name: String, _ value: String?) {
      if let value { parameters.append((name, value)) }
    }
    add("source", source)
    add("q", search?.text)
    add("since", since?.description)
    add("until", until?.description)
    add("user_id", userID)
    add("request_id", requestID)
    for tag in tags { add("tag", tag) }
    return parameters
  }

  private static func moment(_ name: String, _ value: String) throws(InvalidParameter) -> Timestamp {
    guard let timestamp = Timestamp(rfc3339: value) else {
      throw InvalidParameter(
        name: name, detail: "must be a date and time as in RFC 3339, such as 2024-01-15T14:30:00Z")
    }
    return timestamp
  }

  private static func text(
    _ name: String, _ value: String, maximumLength: Int
  ) throws(InvalidParameter) -> String {
    let length = value.unicodeScalars.count
    guard length <= maximumLength else {
      throw InvalidParameter(name: name, detail: "must be at most \(maximumLength) characters, not \(length)")
    }
    guard !value.hasControlCharacter() else {
      throw InvalidParameter(
        name: name, detail: "must not have control characters, since no event has them there")
    }
    return value
  }
}
