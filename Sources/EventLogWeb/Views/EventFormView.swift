import EventLog

/// What the template `event-form` shows.
struct EventFormView {
  let types: [OptionView]
  let typeError: String?
  let source: FieldView
  let message: FieldView
  let userID: FieldView
  let requestID: FieldView
  let tags: FieldView
  let data: FieldView
  /// Whether the fields that may be left out are to be seen.
  let showsMore: Bool
  /// The fields with an error, for the summary.
  let invalidFields: [FieldView]
  /// Errors of members that have no field.
  let otherErrors: [String]
  let isInvalid: Bool

  init(_ form: FilledForm) {
    let type = form.field("type", "Type")
    types = EventType.allCases.map {
      OptionView($0, isSelected: $0.rawValue == (type.value.isEmpty ? EventType.info.rawValue : type.value))
    }
    typeError = type.error
    source = form.field("source", "Source")
    message = form.field("message", "Message")
    userID = form.field("user_id", "User id")
    requestID = form.field("request_id", "Request id")
    tags = form.field("tags", "Tags")
    data = form.field("data", "Data")

    let optional = [userID, requestID, tags, data]
    showsMore = optional.contains { !$0.value.isEmpty || $0.error != nil }
    let fields = [type, source, message] + optional
    invalidFields = fields.filter { $0.error != nil }
    otherErrors = form.errors(besides: fields)
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
