import Text

/// A form as it was filled in, with its errors.
struct FilledForm: Sendable {
  var values: [(name: Text, value: Text)] = []
  /// The errors, each with the name of its field. A detail is a sentence without its subject.
  var errors: [(name: Text, detail: String)] = []

  /// Returns the value of a field, or all its values separated by commas if it was sent several times.
  func value(_ name: Text) -> Text {
    Text(values.filter { $0.name == name }.map(\.value.string).joined(separator: ", "))
  }

  /// Returns a field's error as a sentence without its subject, or nil if the field is valid.
  func error(_ name: Text) -> String? {
    let details = errors.filter { $0.name == name }.map(\.detail)
    return details.isEmpty ? nil : details.joined(separator: "; ")
  }
}
