extension RawRepresentable where Self: CaseIterable, RawValue == String {
  /// Finds the case that has a name; the result is nil when none has it.
  ///
  /// `init(rawValue:)` would compare canonically equivalent strings, which takes long for a name of any length.
  ///
  /// - Parameter name: the name, which may be any text.
  @inlinable public init?(named name: Text) {
    guard let found = Self.allCases.first(where: { Text($0.rawValue) == name }) else { return nil }
    self = found
  }
}
