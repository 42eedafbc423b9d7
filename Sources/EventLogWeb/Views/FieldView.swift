/// What the template `field` shows: a label, a control, and what is wrong with what was filled in.
struct FieldView {
  enum Control: Equatable {
    case input
    case textArea
    case choice
  }

  /// The form that a field stands in, which its ids begin with.
  enum Place {
    case eventForm
    case filter
  }

  let name: String
  let label: String
  let value: String
  /// What is wrong with the value, as a sentence without its subject.
  let error: String?
  let id: String
  /// The id of the element that shows the error.
  let errorID: String
  /// Whether it stands in a paragraph, which cannot hold another one.
  let isInline: Bool
  let isInput: Bool
  let isTextArea: Bool
  let isChoice: Bool
  let choices: [ChoiceView]

  /// - Parameters:
  ///   - name: the name of the parameter.
  ///   - label: what people know it by.
  ///   - form: gives the value and the error.
  ///   - place: where the form stands.
  ///   - control: how the value is filled in.
  ///   - value: what to show where that is not what was sent.
  ///   - choices: the values to choose from.
  init(
    _ name: String, _ label: String, of form: FilledForm, in place: Place, control: Control = .input,
    value: String? = nil, choices: [ChoiceView] = []
  ) {
    self.name = name
    self.label = label
    self.value = value ?? form.value(name)
    error = form.error(name)
    (id, errorID) =
      switch place {
      case .eventForm: ("field-\(name)", "error-\(name)")
      case .filter: ("filter-\(name)", "filter-error-\(name)")
      }
    isInline = place == .filter
    isInput = control == .input
    isTextArea = control == .textArea
    isChoice = control == .choice
    self.choices = choices
  }
}
