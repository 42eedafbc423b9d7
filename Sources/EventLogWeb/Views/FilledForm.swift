/// A form as it was filled in, with its errors.
struct FilledForm: Sendable {
  var values: [(name: String, value: String)] = []
  /// The errors, each with the name of its field. A detail is a sentence without its subject.
  var errors: [(name: String, detail: String)] = []

  /// Returns the value of a field, or all its values separated by commas if it was sent several times.
  func value(_ name: String) -> String {
    values.filter { $0.name == name }.map(\.value).joined(separator: ", ")
  }

  /// Returns a field's error as a sentence without its subject, or nil if the field is valid.
  func error(_ name: String) -> String? {
    let details = errors.filter { $0.name == name }.map(\.detail)
    return details.isEmpty ? nil : details.joined(separator: "; ")
  }
}
