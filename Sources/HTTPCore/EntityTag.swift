/// An entity tag (RFC 9110 section 8.8.3): names one state of a representation.
public struct EntityTag: Hashable, Sendable {
  /// Without the quotes, of ASCII characters without quotes and spaces.
  public let opaqueTag: String
  /// Whether equal tags promise the same meaning, and not the same bytes.
  public let isWeak: Bool

  public init(_ opaqueTag: String, isWeak: Bool) {
    self.opaqueTag = opaqueTag
    self.isWeak = isWeak
  }
}

extension EntityTag: CustomStringConvertible {
  public var description: String {
    (isWeak ? "W/" : "") + "\"\(opaqueTag)\""
  }
}
