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
    case .occurredAt: readMoment(value)
    case .id: note(.givenByTheLog(.id))
    case .timestamp: note(.givenByTheLog(.timestamp))
    case .recordedBy: note(.givenByTheLog(.recordedBy))
    case nil: note(.unknown(name))
    }
  }

  /// Reads when an event happened. A `datetime-local` field sends no offset, and may send no seconds; it is in UTC.
  private mutating func readMoment(_ value: Text?) {
    guard let text = value?.string else { return }
    occurredAt =
      Timestamp(rfc3339: text, roundsUp: false, assumesUTC: true) ?? Timestamp(rfc3339: text + ":00Z")
    if occurredAt == nil { note(.notAMoment) }
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
