import EventLog
import EventLogAPI
import HTTPCore
import Text

/// The view of the template `event-form`.
struct EventFormView {
  /// Whether the fields are in paragraphs, so that an error cannot be a paragraph of its own.
  let isInline = false
  /// The prefixes of the ids of the fields and of their errors.
  let fieldID = "field"
  let errorID = "error"
  /// The key by which the same form is recorded once, however often it is sent.
  let key: String
  let type: FieldView
  let source: FieldView
  let message: FieldView
  let userID: FieldView
  let requestID: FieldView
  let tags: FieldView
  let data: FieldView
  /// When it happened, in UTC.
  let occurredAt: FieldView
  /// Whether the optional fields are visible.
  let showsMore: Bool
  let errors: FormErrorsView?

  init(_ form: FilledForm) {
    let given = form.value(Request.idempotencyField)
    key = given.isEmpty ? Self.newKey() : given.string
    let chosen = form.value("type")
    type = FieldView(
      "type", "Type", of: form,
      choices: EventType.allCases.map {
        ChoiceView($0, isSelected: $0 == (chosen.isEmpty ? .info : EventType(named: chosen)))
      })
    source = FieldView("source", "Source", of: form)
    message = FieldView("message", "Message", of: form)
    userID = FieldView("user_id", "User ID", of: form)
    requestID = FieldView("request_id", "Request ID", of: form)
    tags = FieldView("tags", "Tags", of: form)
    data = FieldView("data", "Data", of: form)
    let moment = form.value("occurred_at").string
    occurredAt = FieldView(
      "occurred_at", "Happened at", of: form,
      value: Timestamp(rfc3339: moment, roundsUp: false, assumesUTC: true)?.localDateTime ?? moment)

    let optional = EventMember.allCases.filter(Self.isOptional)
    showsMore = optional.contains {
      !form.value(Text($0.rawValue)).isEmpty || form.error(Text($0.rawValue)) != nil
    }
    errors = FormErrorsView(form, fields: [type, source, message, userID, requestID, tags, data, occurredAt])
  }

  /// Makes a random key of 128 bits.
  private static func newKey() -> String {
    String(UInt64.random(in: .min ... .max), radix: 36) + String(UInt64.random(in: .min ... .max), radix: 36)
  }

  /// Returns whether a member's field may be left empty; it then stands in the part that can be folded.
  private static func isOptional(_ member: EventMember) -> Bool {
    switch member {
    case .id, .timestamp, .recordedBy, .type, .source, .message: false
    case .userID, .requestID, .tags, .data, .occurredAt: true
    }
  }
}
