import Text

extension EventDraftFields {
  /// The same members as the log keeps them, whichever way they came: line endings of the message are line feeds, names
  /// and tags have no white space at their ends, and an empty `user_id` or `request_id` was not given.
  var normalized: EventDraftFields {
    var fields = self
    fields.source = source.map { Text($0).trimmed.string }
    fields.message = message.map { Text($0).withLineFeeds.string }
    fields.userID = Self.normalized(userID)
    fields.requestID = Self.normalized(requestID)
    // More tags than an event can have are refused for their number.
    if tags.count <= EventDraft.Limit.tagCount { fields.tags = tags.map { Text($0).trimmed.string } }
    return fields
  }

  private static func normalized(_ id: String?) -> String? {
    // An id of nothing but white space is not an absent one, so that the mistake does not go unnoticed.
    id.flatMap { $0.isEmpty ? nil : Text($0).trimmed.string }
  }
}
