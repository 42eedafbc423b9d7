public import Text

extension SearchQuery {
  /// Writes the parameters of a filter as one search, which finds the same events.
  ///
  /// - Parameter parameters: the parameters of a valid filter; others are left out.
  /// - Returns: the text of the search, in which what was typed stays as it was, and spans of time stay relative; empty where
  ///   every event matches.
  public static func text(ofFilter parameters: [(name: Text, value: Text)]) -> Text {
    var clauses: [String] = []
    var types: [String] = []
    for (name, value) in parameters where !value.isEmpty {
      guard let parameter = EventCondition.Parameter(named: name) else { continue }
      switch parameter {
      case .search: clauses.append(value.string)
      case .data:
        guard let path = name.dropping(prefix: "data.").flatMap(DataPath.init) else { continue }
        clauses.append(term(.data(DataLeaf(path: path, value: DataValue(value)))))
      case .since, .until, .occurredSince, .occurredUntil: clauses.append("\(name.string):\(value.string)")
      case .type, .source, .userID, .requestID, .tag:
        guard let subject = try? SearchMember(named: name)?.subject(value) else { continue }
        if parameter == .type { types.append(term(subject)) } else { clauses.append(term(subject)) }
      }
    }
    if !types.isEmpty { clauses.insert(types.joined(separator: " \(SearchReader.or) "), at: 0) }
    return Text(clauses.joined(separator: " "))
  }

  private static func term(_ subject: SearchTerm.Subject) -> String {
    SearchTerm(subject: subject, isExcluded: false).text
  }
}
