import JSON
import Text

/// Reads a search, in time that is linear in its length. In the notation of RFC 5234, over characters of Unicode:
///
///     search     = *SP [ clause *( 1*SP clause ) ] *SP      ; events must meet every clause
///     clause     = term *( 1*SP "OR" 1*SP term )            ; … by one of its terms
///     term       = [ "-" ] ( member / data / text )         ; "-" is not, unless another "-" or the end follows
///     member     = name ":" text                            ; name: a `SearchMember`
///     data       = "data." path ( ( ":" / "=" ) ( json / word ) / relation json )
///     path       = path-name *( "." path-name )             ; see `DataPath`
///     relation   = [ ":" ] ( "<" / "<=" / ">" / ">=" )
///     text       = phrase / word
///     phrase     = DQUOTE 1*( "\" DQUOTE / "\\" / any character but DQUOTE ) DQUOTE
///     word       = any characters but SP that do not begin like the others; "\" DQUOTE is a quotation mark
///     json       = a JSON value without SP, or a JSON string
///     SP         = any character that is white space
///
/// What begins with a name that is none of the members is a word, such as `12:30`.
struct SearchReader {
  /// What stands between the terms of a clause.
  static let or = "OR"

  let scalars: [Unicode.Scalar]
  var index = 0

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
  }

  var isAtEnd: Bool { index == scalars.count }

  /// Reads all clauses.
  ///
  /// - Returns: for each clause, its terms.
  /// - Throws: `SearchError` that says where the search is not valid, and what would be right.
  mutating func clauses() throws(SearchError) -> [[SearchTerm]] {
    var clauses: [[SearchTerm]] = []
    var or: Range<Int>?
    var count = 0
    skipWhiteSpace()
    while !isAtEnd {
      let start = index
      if takeOr() {
        guard or == nil, !clauses.isEmpty else { throw dangling(start..<index) }
        or = start..<index
      } else {
        let term = try term()
        count += 1
        guard count <= SearchQuery.maximumTerms else {
          throw SearchError(
            start..<scalars.count, "", "at most \(SearchQuery.maximumTerms) conditions are allowed")
        }
        if or == nil { clauses.append([term]) } else { clauses[clauses.count - 1].append(term) }
        or = nil
      }
      skipWhiteSpace()
    }
    if let or { throw dangling(or) }
    return clauses
  }

  private func dangling(_ place: Range<Int>) -> SearchError {
    SearchError(
      place, Self.or, "it must stand between two terms; to search for the word, write it in quotation marks")
  }

  private mutating func takeOr() -> Bool {
    let end = endOfWord
    guard end - index == 2, scalars[index] == "O", scalars[index + 1] == "R" else { return false }
    index = end
    return true
  }

  /// Reads one term.
  ///
  /// - Throws: `SearchError` that says where it is not valid, and what would be right.
  mutating func term() throws(SearchError) -> SearchTerm {
    let isExcluded = scalars[index] == "-" && isTerm(index + 1)
    if isExcluded { index += 1 }
    return SearchTerm(subject: try subject(), isExcluded: isExcluded)
  }

  /// Whether what is at a place can be excluded.
  private func isTerm(_ place: Int) -> Bool {
    place < scalars.count && scalars[place] != "-" && !scalars[place].properties.isWhitespace
  }

  private mutating func subject() throws(SearchError) -> SearchTerm.Subject {
    let start = index
    if let data = try data() { return data }
    guard let member = takeMember() else { return .text(try text()) }
    let name = "\(member.rawValue):"
    guard index < endOfWord else {
      throw SearchError(
        start..<index, name,
        "a value is missing after the colon; to search for the text, write it in quotation marks")
    }
    let value = try text()
    do throws(InvalidParameter) {
      return try member.subject(value)
    } catch {
      throw SearchError(start..<index, "\(name)\(value.abridged)", "the value \(error.detail)")
    }
  }

  /// Moves behind the name of a member and its colon, if they are next.
  private mutating func takeMember() -> SearchMember? {
    let name = scalars[index...].prefix { $0 == "_" || ("a"..."z").contains($0) }
    guard name.endIndex < scalars.count, scalars[name.endIndex] == ":",
      let member = SearchMember(named: Text(string(name.startIndex..<name.endIndex)))
    else { return nil }
    index = name.endIndex + 1
    return member
  }

  /// Reads a phrase or a word.
  private mutating func text() throws(SearchError) -> Text {
    let start = index
    let isQuoted = scalars[index] == "\""
    index = isQuoted ? try endOfQuotes(from: index) : endOfWord
    let text = unescaped(isQuoted ? start + 1..<index - 1 : start..<index, isQuoted: isQuoted)
    guard !text.isEmpty else {
      throw SearchError(start..<index, "\"\"", "a text is missing between the quotation marks")
    }
    return text
  }

  /// Returns a text without the backslashes that only protect what follows them. All others are a part of the text.
  private func unescaped(_ range: Range<Int>, isQuoted: Bool) -> Text {
    var text = String.UnicodeScalarView()
    var index = range.lowerBound
    while index < range.upperBound {
      if scalars[index] == "\\", index + 1 < range.upperBound,
        scalars[index + 1] == "\"" || isQuoted && scalars[index + 1] == "\\"
      {
        index += 1
      }
      text.append(scalars[index])
      index += 1
    }
    return Text(String(text))
  }
}

/// The characters.
extension SearchReader {
  /// Where the word ends that is next.
  var endOfWord: Int {
    scalars[index...].firstIndex(where: \.properties.isWhitespace) ?? scalars.count
  }

  /// Finds the place behind the quotation mark that closes the one at a place.
  func endOfQuotes(from start: Int) throws(SearchError) -> Int {
    var end = start + 1
    while end < scalars.count, scalars[end] != "\"" { end += scalars[end] == "\\" ? 2 : 1 }
    guard end < scalars.count else {
      throw SearchError(
        start..<scalars.count, string(start..<scalars.count),
        "the closing quotation mark is missing; a quotation mark to search for is written \\\"")
    }
    return end + 1
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard index < scalars.count, scalars[index] == scalar else { return false }
    index += 1
    return true
  }

  private mutating func skipWhiteSpace() {
    while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
  }

  func string(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(scalars[range]))
  }
}
