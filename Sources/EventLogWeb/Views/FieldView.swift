/// What the templates `field`, `field-text-area` and `field-choice` show: a label, a control, and what is wrong with what
/// was filled in. How its ids begin is the form's to say.
struct FieldView {
  let name: String
  let label: String
  let value: String
  /// What is wrong with the value, as a sentence without its subject.
  let error: String?
  /// The values to choose from; none where any text can be filled in.
  let choices: [ChoiceView]

  /// - Parameters:
  ///   - name: the name of the parameter.
  ///   - label: what people know it by.
  ///   - form: gives the value and the error.
  ///   - value: what to show where that is not what was sent.
  ///   - choices: the values to choose from.
  init(
    _ name: String, _ label: String, of form: FilledForm, value: String? = nil, choices: [ChoiceView] = []
  ) {
    self.name = name
    self.label = label
    self.value = value ?? form.value(name)
    error = form.error(name)
    self.choices = choices
  }
}
