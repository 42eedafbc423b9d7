public import EventLog

extension EventDraftFields {
  /// Reads the fields of an HTML form.
  ///
  /// An empty field counts as absent. Line endings become line feeds, since browsers send CR LF. `tags` may be
  /// repeated, one field may hold several tags separated by commas, and a tag that appears twice counts once. `data`
  /// is a JSON text.
  ///
  /// - Parameter form: the decoded names and values, in the order in which they were sent.
  public init(form: [(name: String, value: String)]) {
    self.init()
    var seen: Set<String> = []
    for (name, value) in form {
      guard seen.insert(name).inserted || name == "tags" else {
        note(InvalidMember(named: name, detail: "is given twice"))
        continue
      }
      read(name, value.isEmpty ? nil : value)
    }
  }

  private mutating func read(_ name: String, _ value: String?) {
    switch EventMember(rawValue: name) {
    case .type: type = value
    case .source: source = value
    case .message: message = value?.withLineFeeds
    case .userID: userID = value
    case .requestID: requestID = value
    case .tags:
      for tag in (value ?? "").split(separator: ",").map(\.trimmed)
      where !tag.isEmpty && !tags.contains(where: { $0.utf8.elementsEqual(tag.utf8) }) {
        tags.append(tag)
      }
    case .data:
      do {
        data = try value.map { text throws(InvalidMember) in try EventData(parsing: text) }
      } catch {
        note(error)
      }
    case .id, .timestamp, nil: note(.unknown(name))
    }
  }
}

extension String {
  fileprivate var withLineFeeds: String {
    String(map { $0 == "\r\n" || $0 == "\r" ? "\n" : $0 })
  }
}

extension Substring {
  fileprivate var trimmed: String {
    let trimmed = drop(while: \.isWhitespace)
    guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(trimmed[...last])
  }
}
