import EventLog
import JSON
import Text

extension OTLPLogRecord {
  /// The most that the resource and the scope take, in bytes each. A request has them once, and every event of it has them.
  private static let maximumOriginSize = 2048

  /// Returns what no other member of the event has, as its `data`.
  ///
  /// - Parameters:
  ///   - attributes: those of the attributes that are nowhere else.
  ///   - resource: those of the resource's attributes that are nowhere else.
  ///   - cut: the members of the event that were cut.
  /// - Returns: the data; nil when there is nothing.
  func data(attributes: [JSONMember], resource: [JSONMember], cut: [String]) -> EventData? {
    var data = BoundedData(cut: cut)
    if severityNumber != 0 { data.add("severity_number", .number(String(severityNumber))) }
    data.add("severity_text", text: severityText)
    data.add("span_id", text: spanID)
    data.add("event_name", text: eventName)
    if flags != 0 { data.add("trace_flags", .number(String(flags))) }
    if let observed = EventDraft.moment(observedTime), time != 0 {
      data.add("observed_at", text: observed.description)
    }
    if droppedAttributesCount > 0 {
      data.add("dropped_attributes_count", .number(String(droppedAttributesCount)))
    }
    for (name, members) in [("resource" as Text, resource), ("scope", scope)] where !members.isEmpty {
      data.add(name, .object(OTLPLogs.distinct(members)), maximumSize: Self.maximumOriginSize)
    }
    data.add("attributes", membersOf: OTLPLogs.distinct(attributes))
    // The message has its text, too.
    switch body {
    case .object?, .array?: body.map { data.add("body", $0) }
    default: break
    }
    return data.data
  }

  private var scope: [JSONMember] {
    let texts: [(name: Text, value: String)] = [("name", origin.scopeName), ("version", origin.scopeVersion)]
    let attributes = OTLPLogs.distinct(origin.scopeAttributes)
    return texts.filter { !$0.value.isEmpty }.map { JSONMember(name: $0.name, value: .string($0.value)) }
      + (attributes.isEmpty ? [] : [JSONMember(name: "attributes", value: .object(attributes))])
  }
}
