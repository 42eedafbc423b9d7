import HTTPCore

/// The URL of an event log: that of its page, without a slash at its end.
struct RemoteURL: CustomStringConvertible, Equatable {
  let description: String

  /// Fails when the text is no http or https URL, or has user information, a query or a fragment.
  init?(_ text: String) {
    guard Origin(ofURL: text) != nil, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    description = String(text.reversed().drop { $0 == "/" }.reversed())
  }
}
