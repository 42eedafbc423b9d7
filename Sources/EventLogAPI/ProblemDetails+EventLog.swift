public import EventLog
import EventLogFormats
public import HTTPCore
import HTTPTypes
import Text

/// This is the one place where the log's errors become problems.
extension ProblemDetails {
  /// The 404 for an id that no event has.
  package static let noSuchEvent = ProblemDetails(.notFound, detail: "There is no event with this id.")

  /// Creates a 507 when the device is full, a 500 when the log is damaged, and otherwise a 503. Nothing was changed,
  /// and after a 503 trying again may help.
  public init(_ error: EventStoreError) {
    switch error.reason {
    case .full:
      self.init(
        .logFull, detail: "There is no room left to record events.", cause: error.cause)
    case .busy, .unavailable:
      self.init(
        .logUnavailable, detail: "The log cannot be used at the moment.",
        fields: [.retryAfter: "1"], cause: error.cause)
    case .underWay:
      self.init(
        .requestUnderWay,
        detail: "An earlier request with the same Idempotency-Key has not been answered yet.",
        fields: [.retryAfter: "1"])
    case .displaced:
      // The store has logged the cause, once; it need not be logged for each request.
      self.init(
        .logUnavailable, detail: "The log's file was removed or replaced.", fields: [.retryAfter: "5"])
    case .migrating:
      self.init(.logUnavailable, detail: "The log is being brought up to date.", fields: [.retryAfter: "5"])
    case .damaged:
      self.init(.logDamaged, detail: "The log is damaged.", cause: error.cause)
    case .timedOut:
      self.init(
        .searchTimedOut,
        detail: """
          The search took too long and was stopped. Narrow it: give a time range with since and until, a type, a \
          source or a tag, or search for longer terms. For terms of fewer than three characters, events are searched \
          one by one.
          """,
        fields: [.retryAfter: "1"])
    case .cancelled:
      // No client is left to read this, and nothing is wrong with the log.
      self.init(.serviceUnavailable, detail: "The request was cancelled.", fields: [.retryAfter: "1"])
    }
  }

  /// Creates a 422 with the place of each error in the content.
  init(_ error: InvalidEvent) {
    self.init(
      .invalidEvent, detail: "The event is not valid; nothing was recorded.",
      errors: error.errors.map { Entry(.pointer($0.pointer), detail: $0.detail) })
  }

  /// Creates a 422 with the place of each error in a batch, a 400 when an event cannot be read at all, or a 413 when there
  /// are too many events. Lines are named where the format has one event in each.
  init(_ error: InvalidBatch, in format: EventFormat) {
    switch error {
    case .isEmpty:
      self.init(.invalidEvent, detail: "The content has no event; nothing was recorded.")
    case .hasTooMany:
      self.init(
        .contentTooLarge,
        detail: "A request records at most \(EventBatch.maximumCount) events; nothing was recorded.")
    case .hasErrors(let entries):
      let areReadable = entries.allSatisfy(\.isReadable)
      self.init(
        areReadable ? .invalidEvent : .malformedRequest,
        detail: areReadable
          ? "Some events are not valid; nothing was recorded."
          : "Some events cannot be read; nothing was recorded.",
        errors: entries.map { entry in
          Entry(
            .pointer("/\(entry.index)\(entry.error.pointer)"), line: format == .json ? nil : entry.line,
            detail: entry.error.detail)
        })
    }
  }

  /// Creates a 422 with the name of each parameter that is wrong.
  init(_ error: InvalidQuery) {
    self.init(
      .invalidQuery, detail: "The query is not valid.",
      errors: error.errors.map { Entry(.parameter($0.name.string), detail: $0.detail) })
  }
}
