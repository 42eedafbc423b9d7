import EventLog

/// The form that records an event, as it was filled in.
struct EventForm {
  var values: [(name: String, value: String)] = []
  var errors: [InvalidMember] = []

  /// What stands in a field; where one name was sent several times, all of it.
  func value(_ name: String) -> String {
    values.filter { $0.name == name }.map(\.value).joined(separator: ", ")
  }

  /// What is wrong with a field, as a sentence without its subject.
  func error(_ name: String) -> String? {
    let details = errors.filter { $0.member == name }.map(\.detail)
    return details.isEmpty ? nil : details.joined(separator: "; ")
  }
}
