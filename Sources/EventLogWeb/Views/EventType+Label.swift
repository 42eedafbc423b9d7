import EventLog

extension EventType {
  /// The type's readable name.
  var label: String {
    switch self {
    case .userAction: "user action"
    case .system: "system"
    case .error: "error"
    case .info: "info"
    }
  }
}
