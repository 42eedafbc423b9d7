import Text

/// The view of the template `form-errors`: all errors of a form in one list.
struct FormErrorsView {
  /// The fields that have an error.
  let fields: [FieldView]
  /// The errors of parameters that have no field, as sentences.
  let others: [String]

  /// Collects the errors of a form. Returns nil if the form is valid.
  ///
  /// - Parameters:
  ///   - form: the form as it was filled in.
  ///   - fields: all fields of the form, in their order.
  init?(_ form: FilledForm, fields: [FieldView]) {
    if form.errors.isEmpty { return nil }
    self.fields = fields.filter { $0.error != nil }
    let known = Set(fields.map { Text($0.name) })
    others = form.errors.filter { !known.contains($0.name) }.map { "\($0.name.abridged) \($0.detail)" }
  }
}
