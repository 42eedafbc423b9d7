/// A condition as part of a statement in which the table `event` is named `e`.
struct SQLCondition {
  let text: String
  /// The values for the question marks, in order.
  let arguments: [any StatementArgument]

  init(_ text: String, _ arguments: [any StatementArgument] = []) {
    self.text = text
    self.arguments = arguments
  }

  /// - Parameters:
  ///   - parts: the conditions to join.
  ///   - word: the operator, `AND` or `OR`.
  ///   - empty: the condition to use when there are no parts. It must not be a constant, which would leave SQLite
  ///     nothing to look up in the index that it is told to use.
  init(joining parts: [SQLCondition], by word: String, empty: String) {
    text = parts.isEmpty ? empty : "(" + parts.map(\.text).joined(separator: " \(word) ") + ")"
    arguments = parts.flatMap(\.arguments)
  }
}
