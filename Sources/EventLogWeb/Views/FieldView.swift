import Text

/// The view of the templates `field`, `field-text-area` and `field-choice`: a label, a control, and the error in its
/// value. The form sets the prefixes of the ids.
struct FieldView {
  let name: String
  let label: String
  let value: String
  /// The error in the value, as a sentence without its subject; nil if the value is valid.
  let error: String?
  /// The values to choose from; empty if any text is allowed.
  let choices: [ChoiceView]

  /// - Parameters:
  ///   - name: the name of the parameter.
  ///   - label: the readable name.
  ///   - form: the form, which has the value and the error.
  ///   - value: the value to show if it differs from the one that was sent.
  ///   - choices: the values to choose from.
  init(
    _ name: Text, _ label: String, of form: FilledForm, value: String? = nil, choices: [ChoiceView] = []
  ) {
    self.name = name.string
    self.label = label
    self.value = value ?? form.value(name).string
    error = form.error(name)
    self.choices = choices
  }
}
