import JSON

extension EventDraft {
  /// The tags as a JSON array in UTF-8; empty when there are none.
  package var tagsJSON: [UInt8] {
    if tags.isEmpty { return [] }
    var json: [UInt8] = []
    json.appendJSON(.array(tags.map(JSONValue.string)))
    return json
  }
}
