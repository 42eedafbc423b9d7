import EventLog
import HTTPCore

extension EntityTag {
  /// Creates the tag of the response to a query, which stays valid until the log changes.
  /// A log that was restored from a backup has another id, and so other tags.
  ///
  /// - Parameters:
  ///   - state: the state of the log.
  ///   - query: a text that tells queries and representations apart.
  init(of state: LogState, _ query: String) {
    self.init("\(state.fingerprint)-\(query)", isWeak: true)
  }

  /// Creates the tag of a representation from its bytes.
  ///
  /// - Parameter content: the whole representation.
  init(of content: [UInt8]) {
    var digest = FNV1a()
    digest.add(content.span)
    self.init(digest.text, isWeak: false)
  }
}
