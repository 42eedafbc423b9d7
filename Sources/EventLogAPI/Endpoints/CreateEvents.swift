import EventLog
import EventLogFormats
import HTTPCore
import HTTPTypes
import JSON
import Text

extension EventAPI {
  /// `POST /events`: records an event that is given as JSON or as a form, or a batch of events that are given as a JSON
  /// array, NDJSON or CSV. When the status is 201, they are durable.
  func createEvents(_ request: Request) async throws(ProblemDetails) -> Response {
    let dropped = try Self.droppedMembers(request)
    if let format = EventFormat(batchIn: request, try request.contentType()) {
      return try await handling(request) { () throws(ProblemDetails) in
        try await createBatch(request, as: format, dropping: dropped)
      }
    }
    let form = try request.contentType().isSame(as: .form) ? try request.formParameters() : nil
    var fields =
      if let form {
        Self.draftFields(ofForm: form, dropping: dropped, for: request)
      } else {
        try Self.draftFields(ofJSON: request.body, dropping: dropped)
      }
    request.defaults.fill(&fields)
    let draft: EventDraft
    do { draft = try EventDraft(fields) } catch { throw ProblemDetails(error) }
    let event = try await store.record([draft], for: request, form: form)[0]
    let location = "\(request.target.mount)/events/\(event.id)"
    return Response(
      .created, fields: [.contentType: MediaType.json.description, .location: location],
      body: .bytes(event.line))
  }

  /// Records all events of a batch or none. Their ids follow one another.
  private func createBatch(
    _ request: Request, as format: EventFormat, dropping dropped: Set<EventMember>
  ) async throws(ProblemDetails) -> Response {
    let batch: EventBatch
    do {
      batch = try EventBatch(request.body, as: format, dropping: dropped, defaults: request.defaults)
    } catch {
      throw ProblemDetails(error, in: format)
    }
    let events = try await store.record(batch.drafts, for: request)
    var fields: HTTPFields = [.contentType: MediaType.json.description]
    var body: [UInt8] = []
    if request.prefers("return", "representation") {
      fields[.preferenceApplied] = "return=representation"
      body.append("[")
      for (index, event) in events.enumerated() {
        if index > 0 { body.append(",\n") }
        body.appendJSON(event)
      }
      body.append("]")
    } else {
      body.appendJSON(.summary(of: events))
    }
    body.append("\n")
    return Response(.created, fields: fields, body: .bytes(body))
  }

  private static func draftFields(
    ofForm form: [(name: Text, value: Text)], dropping dropped: Set<EventMember>, for request: Request
  ) -> EventDraftFields {
    let names = dropped.map { Text($0.rawValue) } + request.fieldsBesideMembers
    return EventDraftFields(form: form.filter { !names.contains($0.name) })
  }

  private static func draftFields(
    ofJSON body: [UInt8], dropping dropped: Set<EventMember>
  ) throws(ProblemDetails) -> EventDraftFields {
    do {
      return EventDraftFields(json: try JSONValue(parsing: body), dropping: dropped)
    } catch {
      throw ProblemDetails(
        .malformedRequest, detail: "The content is not JSON: \(error.reason), at byte \(error.offset).")
    }
  }

  /// The parameter `drop` names the members that are left out although the log gives them itself, so that what was
  /// downloaded can be recorded again.
  private static func droppedMembers(_ request: Request) throws(ProblemDetails) -> Set<EventMember> {
    var dropped: Set<EventMember> = []
    for (name, value) in try request.queryParameters() where name == "drop" && !value.isEmpty {
      for item in value.split(separator: ",") {
        guard let member = EventMember(named: item), member.isGivenByTheLog else {
          throw ProblemDetails(
            InvalidQuery(
              errors: [
                InvalidParameter(
                  name: "drop", detail: "must be id, timestamp, recorded_by or several of them")
              ]))
        }
        dropped.insert(member)
      }
    }
    return dropped
  }
}

extension EventFormat {
  /// The media types of NDJSON: none is registered, and all of these are in use.
  static let namesOfNDJSON = ["x-ndjson", "ndjson", "jsonl", "x-jsonlines"].map {
    MediaType(type: "application", subtype: $0)
  }

  /// The media types in which batches are sent.
  static let batchMediaTypes = [.json, EventFormat.csv.mediaType] + namesOfNDJSON

  /// The format of the batch that a request's content is; nil when it is a single event.
  fileprivate init?(batchIn request: Request, _ mediaType: MediaType) {
    if mediaType.isSame(as: EventFormat.csv.mediaType) {
      self = .csv
    } else if Self.namesOfNDJSON.contains(where: mediaType.isSame) {
      self = .ndjson
    } else if mediaType.isSame(as: .json),
      request.body.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "[")
    {
      self = .json
    } else {
      return nil
    }
  }
}

extension JSONValue {
  /// Says which events were recorded, at least one.
  fileprivate static func summary(of events: [Event]) -> JSONValue {
    func id(_ event: Event?) -> JSONValue { .string(event?.id.description ?? "") }
    return .object([
      JSONMember(name: "count", value: .number(events.count)),
      JSONMember(name: "first_id", value: id(events.first)),
      JSONMember(name: "last_id", value: id(events.last)),
    ])
  }
}
