import EventLog

extension Timestamp {
  /// The time as `datetime-local` fields require it, such as `2024-01-15T14:30:00.000`.
  var localDateTime: String {
    String(description.dropLast())
  }

  /// The time as people read it, such as `2024-01-15 14:30`, with seconds only if they are not zero.
  var readable: String {
    let text = description
    let (date, time) = (text.prefix(10), text.dropFirst(11).dropLast())
    let shortTime =
      time.hasSuffix(":00.000") ? time.dropLast(7) : time.hasSuffix(".000") ? time.dropLast(4) : time
    return "\(date) \(shortTime)"
  }
}
