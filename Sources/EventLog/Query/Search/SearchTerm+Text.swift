import JSON
import Text

extension SearchTerm {
  /// The term as it is written. Values stand in quotation marks only where they would mean something else without them.
  var text: String {
    if subject.mayBeContinued { return spelled(inQuotes: true) }
    let bare = spelled(inQuotes: false)
    var reader = SearchReader(bare)
    guard (try? reader.term()) == self, reader.isAtEnd, Text(bare) != Text(SearchReader.or) else {
      return spelled(inQuotes: true)
    }
    return bare
  }

  private func spelled(inQuotes isQuoted: Bool) -> String {
    (isExcluded ? "-" : "") + subject.spelled(inQuotes: isQuoted)
  }
}

extension SearchTerm.Subject {
  /// Whether what follows a text could be read as a part of it: the rest of a name of `data` in quotation marks.
  fileprivate var mayBeContinued: Bool {
    guard case .text(let text) = self else { return false }
    return text.dropping(prefix: "data.")?.contains(UInt8(ascii: "\"")) ?? false
  }

  fileprivate func spelled(inQuotes isQuoted: Bool) -> String {
    func member(_ name: SearchMember, _ value: Text) -> String {
      "\(name.rawValue):\(isQuoted ? Self.quoted(value) : value.string)"
    }
    return switch self {
    case .text(let text): isQuoted ? Self.quoted(text) : text.string
    case .type(let type): member(.type, Text(type.rawValue))
    case .source(let source): member(.source, source)
    case .userID(let userID): member(.user, userID)
    case .requestID(let requestID): member(.request, requestID)
    case .tag(let tag): member(.tag, tag)
    case .data(let leaf): "data.\(Self.spelled(leaf.path)):\(Self.spelled(leaf.value, inQuotes: isQuoted))"
    case .number(let comparison):
      "data.\(Self.spelled(comparison.path))\(comparison.relation.rawValue)\(comparison.number.text)"
    case .has(let optional): member(.has, Text(optional.text))
    case .since(let bound, let time): "\(SearchMember.since(by: time).rawValue):\(bound.text)"
    case .until(let bound, let time): "\(SearchMember.until(by: time).rawValue):\(bound.text)"
    case .on(let start): "\(SearchMember.on.rawValue):\(start.description.prefix(while: { $0 != "T" }))"
    }
  }

  private static func quoted(_ text: Text) -> String {
    let scalars = Array(text.unicodeScalars)
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      // Most backslashes, such as those in paths of files, mean themselves.
      let next = index + 1 < scalars.count ? scalars[index + 1] : "\""
      if scalar == "\"" || scalar == "\\" && (next == "\"" || next == "\\") { quoted.append("\\") }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }

  /// Names with white space of any language stand in quotation marks.
  fileprivate static func spelled(_ path: DataPath) -> String {
    path.names.map { name in
      let written = DataPath.written(name)
      guard written.unicodeScalars.contains(where: \.properties.isWhitespace),
        written.utf8.first != UInt8(ascii: "\"")
      else {
        return written
      }
      return json(name)
    }.joined(separator: ".")
  }

  private static func json(_ string: Text) -> String {
    var json: [UInt8] = []
    json.appendJSON(.string(string.string))
    return String(decoding: json, as: UTF8.self)
  }

  /// A string of `data` in quotation marks is a JSON string, which can have every character.
  private static func spelled(_ value: DataValue, inQuotes isQuoted: Bool) -> String {
    guard isQuoted, case .string(let string) = value else { return value.text.string }
    return json(string)
  }
}

extension OptionalMember {
  /// The member as it is written after `has:`.
  public var text: String {
    switch self {
    case .userID: "user"
    case .requestID: "request"
    case .tag: "tag"
    case .data: "data"
    case .dataMember(let path): "data.\(SearchTerm.Subject.spelled(path))"
    }
  }

  /// Reads a member; nil when the text is not one.
  init?(_ text: Text) {
    switch text {
    case "user", "user_id": self = .userID
    case "request", "request_id": self = .requestID
    case "tag", "tags": self = .tag
    case "data": self = .data
    default:
      guard let path = text.dropping(prefix: "data.").flatMap(DataPath.init) else { return nil }
      self = .dataMember(path)
    }
  }
}
