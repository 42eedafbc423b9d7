import EventLog

/// What the template `event-form` shows.
struct EventFormView {
  /// A field, or the error of one.
  struct Field {
    let name: String
    let label: String
    let value: String
    let error: String?
  }

  let types: [OptionView]
  let typeError: String?
  let source: Field
  let message: Field
  let userID: Field
  let requestID: Field
  let tags: Field
  let data: Field
  /// Whether the fields that may be left out are to be seen.
  let showsMore: Bool
  /// The fields with an error, for the summary.
  let invalidFields: [Field]
  /// Errors of members that have no field.
  let otherErrors: [String]
  let isInvalid: Bool

  init(_ form: EventForm) {
    func field(_ name: String, _ label: String) -> Field {
      Field(name: name, label: label, value: form.value(name), error: form.error(name))
    }
    let type = field("type", "Type")
    types = EventType.allCases.map {
      OptionView($0, isSelected: $0.rawValue == (type.value.isEmpty ? EventType.info.rawValue : type.value))
    }
    typeError = type.error
    source = field("source", "Source")
    message = field("message", "Message")
    userID = field("user_id", "User id")
    requestID = field("request_id", "Request id")
    tags = field("tags", "Tags")
    data = field("data", "Data")

    let optional = [userID, requestID, tags, data]
    showsMore = optional.contains { !$0.value.isEmpty || $0.error != nil }
    invalidFields = ([type, source, message] + optional).filter { $0.error != nil }
    let known = Set(([type, source, message] + optional).map(\.name))
    otherErrors = form.errors.filter { !known.contains(String($0.member)) }
      .map { "\($0.member) \($0.detail)" }
    isInvalid = !form.errors.isEmpty
  }
}

/// An option of a select element.
struct OptionView {
  let value: String
  let label: String
  let isSelected: Bool

  init(_ type: EventType, isSelected: Bool) {
    value = type.rawValue
    label = type.label
    self.isSelected = isSelected
  }
}

extension EventType {
  /// The type's name for people.
  var label: String {
    switch self {
    case .userAction: "user action"
    case .system: "system"
    case .error: "error"
    case .info: "info"
    }
  }
}
