public import HTTPCore
import HTTPTypes

/// The problems of the log, and the list of all that a program can act on, which `/docs` shows.
extension ProblemType {
  /// Every type that an answer can have, by rising status.
  public static let all = [
    malformedRequest, crossSite, invalidEvent, invalidQuery,
    logDamaged, logUnavailable, searchTimedOut, logFull,
  ]

  static let invalidEvent = ProblemType(
    "invalid-event", .unprocessableContent, title: "The event is not valid",
    meaning: "Members of the event are missing, wrong or unknown; errors names each with a JSON Pointer.",
    remedy: "Correct the members that errors names, and send the event again.")

  static let invalidQuery = ProblemType(
    "invalid-query", .unprocessableContent, title: "The query is not valid",
    meaning: "Parameters of the query are wrong, unknown or given twice; errors names each.",
    remedy: """
      Correct the parameters that errors names. A cursor belongs to one filter, sort and order: with others, start \
      again at the first page, without a cursor.
      """)

  static let logDamaged = ProblemType(
    "log-damaged", .internalServerError, title: "The log is damaged",
    meaning: "What was asked for is damaged in the log's file.",
    remedy: "Tell whoever runs the log, whom eventlog check tells more; trying again will not help.")

  static let logUnavailable = ProblemType(
    "log-unavailable", .serviceUnavailable, title: "The log cannot be used at the moment",
    meaning: "The log's store is busy, or cannot be read or written.",
    remedy: "Send the same request again after as many seconds as Retry-After says.")

  static let searchTimedOut = ProblemType(
    "search-timed-out", .serviceUnavailable, title: "The search took too long",
    meaning: "The search was given up because it took longer than the log allows for one.",
    remedy: """
      Narrow the search: name a span of time with since and until, a type, a source or a tag, or search for longer \
      terms. The same search may also work later, when the log is less busy.
      """)

  static let logFull = ProblemType(
    "log-full", .insufficientStorage, title: "There is no room left",
    meaning: "The disk that keeps the log is full. Events can still be read.",
    remedy: "Keep the event, tell whoever runs the log, and send the event again when there is room.")
}
