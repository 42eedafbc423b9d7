/// What kind of thing an event tells of. The raw value is its name everywhere outside this program.
public enum EventType: String, CaseIterable, Sendable {
  case userAction = "user_action"
  case system
  case error
  case info

  /// The allowed names as a sentence part: "user_action, system, error or info".
  public static var allowedNames: String {
    let names = allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + names.suffix(1).joined()
  }
}
