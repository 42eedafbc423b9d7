/// The kind of an event. The raw value is the type's name everywhere outside this program.
public enum EventType: String, CaseIterable, Sendable {
  case userAction = "user_action"
  case system
  case error
  case info

  /// Finds the type that has a name. The result is nil when no type has it.
  ///
  /// - Parameter name: the name in UTF-8.
  package init?(name: Span<UInt8>) {
    let index = Self.names.firstIndex { known in
      known.count == name.count && known.indices.allSatisfy { known[$0] == name[$0] }
    }
    guard let index else { return nil }
    self = Self.allCases[index]
  }

  /// The names of all types in UTF-8, in the order of `allCases`.
  private static let names = allCases.map { Array($0.rawValue.utf8) }

  /// The allowed names as part of a sentence: "user_action, system, error or info".
  public static var allowedNames: String {
    let names = allCases.map(\.rawValue)
    return names.dropLast().joined(separator: ", ") + " or " + names.suffix(1).joined()
  }
}
