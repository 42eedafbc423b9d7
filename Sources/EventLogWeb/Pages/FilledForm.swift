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
}
