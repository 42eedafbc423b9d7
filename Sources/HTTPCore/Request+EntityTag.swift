import HTTPTypes
import Text

extension Request {
  /// Returns whether the client already has this state, as `If-None-Match` says (RFC 9110 section 13.1.2). If it has,
  /// the response is a 304.
  public func hasCurrent(_ entityTag: EntityTag) -> Bool {
    guard fields.contains(.ifNoneMatch) else { return false }
    let current = Text("\"\(entityTag.opaqueTag)\"")
    return fields[values: .ifNoneMatch].map(Text.init(_:)).contains { value in
      value.trimmingBlanks == "*"
        || value.split(separator: ",").contains { candidate in
          let candidate = candidate.trimmingBlanks
          // The comparison is weak (RFC 9110 section 8.8.3.2).
          return (candidate.dropping(prefix: "W/") ?? candidate) == current
        }
    }
  }
}
