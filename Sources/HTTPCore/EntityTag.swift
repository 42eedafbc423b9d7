/// An entity tag (RFC 9110 section 8.8.3), which names one state of a representation.
public struct EntityTag: Hashable, Sendable {
  /// The tag without its quotes: ASCII characters other than quotes and spaces.
  public let opaqueTag: String
  /// Whether equal tags promise only the same meaning, not the same bytes.
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
