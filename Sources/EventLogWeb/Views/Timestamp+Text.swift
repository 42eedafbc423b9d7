import EventLog

extension Timestamp {
  /// `2024-01-15T14:30:00.000`, as `datetime-local` wants it.
  var localDateTime: String {
    String(description.dropLast())
  }

  /// `2024-01-15 14:30`, with seconds only where there are some.
  var readable: String {
    let text = description
    let (date, time) = (text.prefix(10), text.dropFirst(11).dropLast())
    let shortTime =
      time.hasSuffix(":00.000") ? time.dropLast(7) : time.hasSuffix(".000") ? time.dropLast(4) : time
    return "\(date) \(shortTime)"
  }
}
