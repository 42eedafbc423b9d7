import EventLog

/// What the template `event-form` shows.
struct EventFormView {
  let type: FieldView
  let source: FieldView
  let message: FieldView
  let userID: FieldView
  let requestID: FieldView
  let tags: FieldView
  let data: FieldView
  /// Whether the fields that may be left out are to be seen.
  let showsMore: Bool
  let errors: FormErrorsView?

  init(_ form: FilledForm) {
    func field(_ name: String, _ label: String, _ control: FieldView.Control = .input) -> FieldView {
      FieldView(name, label, of: form, in: .eventForm, control: control)
    }
    let chosen = form.value("type")
    type = FieldView(
      "type", "Type", of: form, in: .eventForm, control: .choice,
      choices: EventType.allCases.map {
        ChoiceView($0, isSelected: $0.rawValue == (chosen.isEmpty ? EventType.info.rawValue : chosen))
      })
    source = field("source", "Source")
    message = field("message", "Message", .textArea)
    userID = field("user_id", "User id")
    requestID = field("request_id", "Request id")
    tags = field("tags", "Tags")
    data = field("data", "Data", .textArea)

    let optional = [userID, requestID, tags, data]
    showsMore = optional.contains { !$0.value.isEmpty || $0.error != nil }
    errors = FormErrorsView(form, fields: [type, source, message] + optional)
  }
}
