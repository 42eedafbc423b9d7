import EventLog
import HTTPCore

extension EntityTag {
  /// Names what a query answers as long as no further event is recorded.
  static func state(of lastID: EventID?, _ query: String) -> EntityTag {
    EntityTag("\(String(lastID?.number ?? 0, radix: 36))-\(query)", isWeak: true)
  }
}
