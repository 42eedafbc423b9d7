/// What the template `form-errors` shows: everything that is wrong with a form, in one list.
struct FormErrorsView {
  /// The fields with an error.
  let fields: [FieldView]
  /// What is wrong with names that have no field, as sentences.
  let others: [String]

  /// There is none when nothing is wrong.
  ///
  /// - Parameters:
  ///   - form: what was filled in.
  ///   - fields: all fields of the form, in its order.
  init?(_ form: FilledForm, fields: [FieldView]) {
    if form.errors.isEmpty { return nil }
    self.fields = fields.filter { $0.error != nil }
    let known = Set(fields.map(\.name))
    others = form.errors.filter { !known.contains($0.name) }.map { "\($0.name) \($0.detail)" }
  }
}
