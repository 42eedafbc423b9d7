import EventLog
import HTTPCore

extension EntityTag {
  /// Names what is answered to a query as long as the log does not change.
  ///
  /// - Parameters:
  ///   - state: the state of the log.
  ///   - query: tells queries and representations apart.
  init(of state: LogState, _ query: String) {
    self.init("\(state)-\(query)", isWeak: true)
  }

  /// Names a representation by its bytes.
  ///
  /// - Parameter content: the whole representation.
  init(of content: [UInt8]) {
    var digest = FNV1a()
    digest.add(content)
    self.init(digest.text, isWeak: false)
  }
}
