import EventLog

/// A moment as a page shows it: in UTC, unless a script shows it in the reader's time zone.
struct TimeView {
  /// The moment in RFC 3339 format.
  let moment: String
  /// The moment as people read it, in UTC.
  let text: String

  init(_ moment: Timestamp) {
    self.moment = moment.description
    text = moment.readable
  }
}
