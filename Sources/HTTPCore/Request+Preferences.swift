import HTTPTypes
public import Text

extension Request {
  /// Returns whether the client states a preference (RFC 7240).
  ///
  /// - Parameters:
  ///   - name: the name of the preference in lower case, such as `return`.
  ///   - value: its value.
  /// - Returns: whether one of the request's preferences is this one.
  public func prefers(_ name: Text, _ value: Text) -> Bool {
    fields[values: .prefer].flatMap { Text($0).split(separator: ",") }.contains { preference in
      let parts = (preference.split(separator: ";").first ?? "").split(separator: "=")
      let given = parts.dropFirst().first?.trimmingBlanks ?? ""
      return parts.first?.trimmingBlanks.lowercasedASCII == name
        && (given == value || given == Text("\"\(value.string)\""))
    }
  }
}
