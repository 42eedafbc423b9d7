import EventLog
import Text

extension EventCondition {
  /// The conditions that can be removed one by one, each with the rest of the filter. Each of several types counts
  /// separately.
  var parts: [(condition: EventCondition, rest: EventCondition)] {
    let conjuncts = conjuncts
    return conjuncts.enumerated().flatMap { index, condition in
      var others = conjuncts
      others.remove(at: index)
      guard case .any(let choices) = condition, condition.types != nil else {
        return [(condition, EventCondition.all(others))]
      }
      return choices.enumerated().map { choice, type in
        var left = choices
        left.remove(at: choice)
        return (type, .all(left.isEmpty ? others : others + [.any(left)]))
      }
    }
  }

  /// The condition in words.
  var label: String {
    switch self {
    case .all(let conditions): conditions.map(\.label).joined(separator: " and ")
    case .any(let conditions): conditions.map(\.label).joined(separator: " or ")
    case .not(let condition): "not \(condition.label)"
    case .type(let type): "type: \(type.label)"
    case .source(let source): "source: \(source.string)"
    case .search(let search): search.text.string
    case .text(let terms): terms.texts.map { "“\($0)”" }.joined(separator: " and ")
    case .since(let moment, let time): "\(time.words("since")) \(moment.readable) UTC"
    case .until(let moment, let time): "\(time.words("until")) \(moment.readable) UTC"
    case .userID(let userID): "user: \(userID.string)"
    case .requestID(let requestID): "request: \(requestID.string)"
    case .tag(let tag): "tag: \(tag.string)"
    case .data(let leaf): "\(leaf.path.text.string): \(leaf.value.text.string)"
    case .number(let comparison):
      "\(comparison.path.text.string) \(comparison.relation.rawValue) \(comparison.number.text)"
    case .has(let member): "has \(member.text)"
    }
  }
}

extension EventTime {
  /// Returns a word about this time, such as `since`, with what tells it from the same word about the time of recording.
  func words(_ word: String) -> String {
    switch self {
    case .timestamp: word
    case .occurredAt: "happened \(word)"
    }
  }
}
