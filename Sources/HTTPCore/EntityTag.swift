public import HTTPTypes

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

extension Request {
  /// Whether the client has this state already, as `If-None-Match` says (RFC 9110 section 13.1.2): 304 then.
  public func hasCurrent(_ entityTag: EntityTag) -> Bool {
    let values = fields[values: .ifNoneMatch]
    return values.contains { value in
      value.trimmingBlanks() == "*"
        || value.split(separator: ",").contains { candidate in
          let candidate = candidate.trimmingBlanks()
          // Weak comparison (RFC 9110 section 8.8.3.2).
          return (candidate.hasPrefix("W/") ? candidate.dropFirst(2) : candidate[...])
            == "\"\(entityTag.opaqueTag)\""
        }
    }
  }
}

extension Response {
  /// 304 in place of a representation that the client has: its fields, without those of its content
  /// (RFC 9110 section 15.4.5).
  public static func notModified(_ fields: HTTPFields) -> Response {
    var fields = fields
    fields[.contentType] = nil
    fields[.contentDisposition] = nil
    return Response(.notModified, fields: fields)
  }
}
