public import EventLog
public import HTTPCore
public import Text

extension EventStore {
  /// Records the events of a request, once if it has an idempotency key.
  ///
  /// - Parameters:
  ///   - drafts: the events, at least one.
  ///   - request: the request.
  ///   - form: the fields of the form that is the request's content, which may have a key as well; nil for any other content.
  ///   - part: the number of the part of the request that the events are, where it is recorded in several transactions.
  /// - Returns: the recorded events, at least one. An earlier request with the same key and content may have recorded them.
  /// - Throws: what the store's error becomes; 403 when the visitor may not record all of them; 422 when the key was used for something else.
  public func record(
    _ drafts: [EventDraft], for request: Request, form: [(name: Text, value: Text)]? = nil,
    part: Int = 0
  ) async throws(ProblemDetails) -> [Event] {
    try request.requireScope(of: drafts)
    let visitor = request.visitor.name
    // A user and a key of the same name are two.
    let owner = visitor.map { request.visitor.means == .webServer ? Text("user\n\($0.string)") : $0 }
    let drafts = drafts.map { $0.recorded(by: visitor?.string) }
    let key = try request.idempotencyKey(ofPart: part) ?? form.flatMap(request.idempotencyKey(ofForm:))
    let events: [Event]?
    do {
      events =
        if let key { try await append(drafts, under: key.owned(by: owner)) } else {
          try await append(drafts)
        }
    } catch {
      throw ProblemDetails(error)
    }
    guard let events else {
      throw ProblemDetails(
        .idempotencyKeyUsed,
        detail: "Another request was sent with this Idempotency-Key; nothing was recorded.")
    }
    return events
  }
}
