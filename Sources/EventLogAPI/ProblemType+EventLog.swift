public import HTTPCore
import HTTPTypes

/// The log's problem types, and the list of all types that a program can act on, which `/docs` shows.
extension ProblemType {
  /// Every type that a response can have, by rising status.
  public static let all = [
    malformedRequest, crossSite, requestUnderWay, invalidEvent, invalidQuery, idempotencyKeyUsed,
    logDamaged, logUnavailable, searchTimedOut, logFull,
  ]

  static let requestUnderWay = ProblemType(
    "request-under-way", .conflict, title: "The same request is under way",
    meaning: "An earlier request with the same Idempotency-Key has not been answered yet.",
    remedy: """
      Send the same request again after the number of seconds that Retry-After gives. Its answer will be that of the \
      earlier one.
      """)

  static let idempotencyKeyUsed = ProblemType(
    "idempotency-key-used", .unprocessableContent, title: "The Idempotency-Key was used for something else",
    meaning:
      "A request with the same Idempotency-Key but another content, media type or address has been answered.",
    remedy:
      "Use a new key, such as a random UUID, for each event or batch, and the same one only to try again.")

  static let invalidEvent = ProblemType(
    "invalid-event", .unprocessableContent, title: "The event is not valid",
    meaning:
      "Members of the event are missing, wrong or unknown; the list of errors names each of them with a JSON Pointer.",
    remedy: "Correct the members in that list, and send the event again.")

  static let invalidQuery = ProblemType(
    "invalid-query", .unprocessableContent, title: "The query is not valid",
    meaning:
      "Parameters of the query are wrong, unknown or given twice; the list of errors names each of them.",
    remedy: """
      Correct the parameters in that list. A cursor belongs to one filter, sort and order; when you change any \
      of these, start again at the first page, without a cursor.
      """)

  static let logDamaged = ProblemType(
    "log-damaged", .internalServerError, title: "The log is damaged",
    meaning: "The requested data is damaged in the log's file.",
    remedy: "Tell the log's operator, who can find out more with eventlog check. Trying again will not help.")

  static let logUnavailable = ProblemType(
    "log-unavailable", .serviceUnavailable, title: "The log cannot be used at the moment",
    meaning: """
      The log's store is busy, is being brought up to date, or cannot be read or written; its file may have been \
      removed or replaced.
      """,
    remedy: "Send the same request again after the number of seconds that Retry-After gives.")

  static let searchTimedOut = ProblemType(
    "search-timed-out", .serviceUnavailable, title: "The search took too long",
    meaning: "The search was stopped because it took longer than the log allows.",
    remedy: """
      Narrow the search: give a time range with since and until, a type, a source or a tag, or search for longer \
      terms. The same search may also succeed later, when the log is less busy.
      """)

  static let logFull = ProblemType(
    "log-full", .insufficientStorage, title: "There is no room left",
    meaning:
      "The disk that holds the log is full, or the log has reached its largest size. Events can still be read.",
    remedy: "Keep the event, tell the log's operator, and send the event again when there is room.")
}
