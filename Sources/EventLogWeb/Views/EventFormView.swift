import EventLog

/// What the template `event-form` shows.
struct EventFormView {
  /// Whether its fields stand in paragraphs, which cannot hold another one.
  let isInline = false
  /// What the ids of its fields and of their errors begin with.
  let fieldID = "field"
  let errorID = "error"
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
    let chosen = form.value("type")
    type = FieldView(
      "type", "Type", of: form,
      choices: EventType.allCases.map {
        ChoiceView($0, isSelected: $0.rawValue == (chosen.isEmpty ? EventType.info.rawValue : chosen))
      })
    source = FieldView("source", "Source", of: form)
    message = FieldView("message", "Message", of: form)
    userID = FieldView("user_id", "User id", of: form)
    requestID = FieldView("request_id", "Request id", of: form)
    tags = FieldView("tags", "Tags", of: form)
    data = FieldView("data", "Data", of: form)

    let optional = [userID, requestID, tags, data]
    showsMore = optional.contains { !$0.value.isEmpty || $0.error != nil }
    errors = FormErrorsView(form, fields: [type, source, message] + optional)
  }
}
