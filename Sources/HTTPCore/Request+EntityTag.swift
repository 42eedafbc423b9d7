import HTTPTypes

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
