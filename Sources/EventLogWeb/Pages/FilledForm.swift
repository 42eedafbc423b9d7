/// A form as it was filled in, and what is wrong with it.
struct FilledForm {
  var values: [(name: String, value: String)] = []
  /// Each detail is a sentence without its subject.
  var errors: [(name: String, detail: String)] = []

  /// What stands in a field; where one name was sent several times, all of it.
  func value(_ name: String) -> String {
    values.filter { $0.name == name }.map(\.value).joined(separator: ", ")
  }

  /// What is wrong with a field, as a sentence without its subject.
  func error(_ name: String) -> String? {
    let details = errors.filter { $0.name == name }.map(\.detail)
    return details.isEmpty ? nil : details.joined(separator: "; ")
  }

  func field(_ name: String, _ label: String) -> FieldView {
    FieldView(name: name, label: label, value: value(name), error: error(name))
  }

  /// What is wrong with names that are none of these, as sentences.
  func errors(besides fields: [FieldView]) -> [String] {
    let known = Set(fields.map(\.name))
    return errors.filter { !known.contains($0.name) }.map { "\($0.name) \($0.detail)" }
  }
}

/// What a template shows of a field, or of the error of one.
struct FieldView {
  let name: String
  let label: String
  let value: String
  let error: String?
}
