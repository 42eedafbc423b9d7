import EventLog
import JSON
import Text

extension EventDraft {
  /// The severity from which on a log record is an error: ERROR.
  private static let errorSeverity: Int64 = 17
  /// The name of a service that has none, perhaps with a colon and the name of its program (OpenTelemetry's semantic
  /// conventions).
  private static let unknownSource = "unknown_service"

  /// Makes an event of a log record.
  ///
  /// The service is the source, the body the message, and the trace the request. Everything else is in `data` under its name
  /// in OpenTelemetry's data model: `attributes`, `resource`, `scope`, `severity_number` and so on. What is too long is cut or
  /// left out, and `data.cut` names it.
  ///
  /// - Parameters:
  ///   - record: the log record.
  ///   - defaults: what the event has where the log record does not say it.
  /// - Throws: `InvalidEvent` when there is nothing that could be the message.
  init(_ record: OTLPLogRecord, _ defaults: EventDefaults) throws(InvalidEvent) {
    var cut: [String] = []
    var attributes = record.attributes
    var resource = record.origin.resource
    let source = Self.take(["service.name"], from: &resource)
    let userID =
      Self.take(["user.id", "enduser.id"], from: &attributes)
      ?? Self.take(["user.id", "enduser.id"], from: &resource)
    var fields = EventDraftFields()
    fields.type = Text(
      (record.severityNumber >= Self.errorSeverity ? EventType.error : .info).rawValue)
    fields.source = Self.name(source, "source", &cut)
    if let name = defaults.source, fields.source.map(Self.isUnknown) ?? true { fields.source = name }
    fields.source = fields.source ?? Self.unknownSource
    fields.message = Self.message(of: record, &cut)
    fields.userID = Self.name(userID, "user_id", &cut)
    fields.requestID = Self.name(record.traceID, "request_id", &cut)
    fields.occurredAt = Self.moment(record.time) ?? Self.moment(record.observedTime)
    fields.data = record.data(attributes: attributes, resource: resource, cut: cut)
    try self.init(fields)
  }

  private static func isUnknown(_ source: String) -> Bool {
    Text(source).split(separator: ":").first == Text(unknownSource)
  }

  /// Takes the first of some attributes that is there. A number is written as a text.
  private static func take(_ names: [Text], from attributes: inout [JSONMember]) -> String? {
    for name in names {
      guard let index = attributes.firstIndex(where: { $0.name == name }) else { continue }
      switch attributes[index].value {
      case .string(let text), .number(let text):
        if Text(text).isBlank { continue }
        attributes.remove(at: index)
        return text
      default: continue
      }
    }
    return nil
  }

  private static func message(of record: OTLPLogRecord, _ cut: inout [String]) -> String? {
    let text: String? =
      switch record.body {
      case nil, .null?: nil
      case .string(let text)?: text
      case let body?: body.text
      }
    return message(text, &cut) ?? message(record.eventName, &cut)
  }

  /// Returns the moment of a time in nanoseconds since 1970; nil when it is not known, or cannot be written.
  static func moment(_ nanoseconds: UInt64) -> Timestamp? {
    if nanoseconds == 0 { return nil }
    let moment = Timestamp(milliseconds: Int64(nanoseconds / 1_000_000))
    return moment <= .latest ? moment : nil
  }
}

extension JSONValue {
  /// The value as JSON text.
  fileprivate var text: String {
    var text: [UInt8] = []
    text.appendJSON(self)
    return String(decoding: text, as: UTF8.self)
  }
}
