import EventLog
import Text

/// Makes members of texts that other programs have written, whatever is in them.
extension EventDraft {
  /// Makes a message of a text: without escape sequences, and cut to its largest size.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - cut: receives the name of the member if it is cut.
  /// - Returns: the message; nil when the text is blank.
  static func message(_ text: String?, _ cut: inout [String]) -> String? {
    guard let text, !Text(text).isBlank else { return nil }
    let plain = PlainText(Text(text).withLineFeeds.string).text
    let message = plain.prefix(bytes: Limit.messageSize)
    if message.utf8.count < plain.utf8.count { cut.append("message") }
    return message
  }

  /// Makes a name of a text, such as a source: on one line, and cut to its largest length.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - member: the name of the member.
  ///   - cut: receives the name of the member if it is cut.
  /// - Returns: the name; nil when the text is blank.
  static func name(_ text: String?, _ member: String, _ cut: inout [String]) -> String? {
    guard let text, !Text(text).isBlank else { return nil }
    let plain = String(
      String.UnicodeScalarView(
        PlainText(text).text.unicodeScalars.map { $0 == "\t" || $0 == "\n" ? " " : $0 }))
    let scalars = plain.unicodeScalars.prefix(Limit.nameLength)
    if scalars.endIndex < plain.endIndex { cut.append(member) }
    return String(scalars)
  }
}

extension String {
  /// Returns as many characters from the start as have at most so many bytes in UTF-8.
  fileprivate func prefix(bytes count: Int) -> String {
    guard utf8.count > count else { return self }
    var end = utf8.index(startIndex, offsetBy: count)
    while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
    return String(self[..<end])
  }
}
