extension EventDraft {
  /// The size of all members together, in bytes of UTF-8.
  public var size: Int {
    let optional = [userID, requestID, data?.json].reduce(0) { $0 + ($1?.utf8.count ?? 0) }
    return source.utf8.count + message.utf8.count + optional + tags.reduce(0) { $0 + $1.utf8.count }
  }
}
