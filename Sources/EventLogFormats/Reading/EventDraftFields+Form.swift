public import EventLog
public import Text

extension EventDraftFields {
  /// Reads the fields of an HTML form.
  ///
  /// An empty field counts as absent. `tags` may be repeated, one field may hold several tags separated by commas, and a
  /// tag that appears twice counts once. `data` is a JSON text.
  ///
  /// - Parameter form: the decoded names and values, in the order in which they were sent.
  public init(form: [(name: Text, value: Text)]) {
    self.init()
    var seen: Set<Text> = []
    for (name, value) in form {
      guard seen.insert(name).inserted || name == "tags" else {
        note(InvalidMember(named: name, detail: "is given twice"))
        continue
      }
      read(name, value.isEmpty ? nil : value)
    }
  }

  private mutating func read(_ name: Text, _ value: Text?) {
    switch EventMember(named: name) {
    case .type: type = value
    case .source: source = value?.string
    case .message: message = value?.string
    case .userID: userID = value?.string
    case .requestID: requestID = value?.string
    case .tags: addTags(value ?? "")
    case .data:
      do {
        data = try value.map { text throws(InvalidMember) in try EventData(parsing: text.string) }
      } catch {
        note(error)
      }
    case .id: note(.givenByTheLog(.id))
    case .timestamp: note(.givenByTheLog(.timestamp))
    case nil: note(.unknown(name))
    }
  }

  /// The largest number of parts of a list of tags that are looked at, whether they are empty or repeat each other.
  private static let maximumParts = 1000

  /// Adds the tags of one field. Of too many, only as many are kept as tell that they are too many.
  private mutating func addTags(_ list: Text) {
    let parts = list.split(separator: ",", maximumSplits: Self.maximumParts)
    guard parts.count <= Self.maximumParts else {
      note(InvalidMember(named: "tags", detail: "must have fewer than \(Self.maximumParts) commas"))
      return
    }
    for tag in parts.map(\.trimmed) where !tag.isEmpty {
      if tags.count > EventDraft.Limit.tagCount { return }
      if !tags.contains(where: { Text($0) == tag }) { tags.append(tag.string) }
    }
  }
}
