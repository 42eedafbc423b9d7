import Text

/// The reading of conditions on members of `data`.
extension SearchReader {
  /// Reads a condition on a member of `data`, if one is next.
  mutating func data() throws(SearchError) -> SearchTerm.Subject? {
    let start = index
    guard let (path, end) = dataPath() else { return nil }
    index = end
    let isEqual = take(":") || take("=")
    let relation = takeRelation()
    guard isEqual || relation != nil else {
      index = start
      return nil
    }
    let name = start..<index
    guard let relation else { return .data(DataLeaf(path: path, value: try dataValue(after: name))) }
    guard index < endOfWord, case .number(let number) = try dataValue(after: name) else {
      throw SearchError(
        start..<index, string(name), "a number is missing, such as \(string(name))10")
    }
    return .number(NumberComparison(path: path, relation, number))
  }

  private mutating func takeRelation() -> NumberComparison.Relation? {
    if take("<") { return take("=") ? .lessOrEqual : .less }
    if take(">") { return take("=") ? .greaterOrEqual : .greater }
    return nil
  }

  /// Finds the path that is next.
  ///
  /// - Returns: the path and where it ends; nil when no path is next.
  private func dataPath() -> (path: DataPath, end: Int)? {
    guard scalars[index...].starts(with: "data.".unicodeScalars) else { return nil }
    let start = index + "data.".count
    var end = start
    while end < scalars.count, let next = endOfName(from: end) {
      end = next
      guard end < scalars.count, scalars[end] == "." else { break }
      end += 1
    }
    return DataPath(Text(string(start..<end))).map { ($0, end) }
  }

  private func endOfName(from start: Int) -> Int? {
    if scalars[start] == "\"" { return try? endOfQuotes(from: start) }
    return scalars[start...].firstIndex { $0.properties.isWhitespace || ".:=<>".unicodeScalars.contains($0) }
      ?? scalars.count
  }

  private mutating func dataValue(after name: Range<Int>) throws(SearchError) -> DataValue {
    let start = index
    guard start < endOfWord else {
      throw SearchError(name, string(name), "a value is missing")
    }
    let isQuoted = scalars[start] == "\""
    index = isQuoted ? try endOfQuotes(from: start) : endOfWord
    let text = string(start..<index)
    let value = DataValue(Text(text))
    if isQuoted, value == .string(Text(text)) {
      throw SearchError(
        start..<index, text,
        "what stands in quotation marks here is a JSON string, in which \\ is written \\\\")
    }
    return value
  }
}
