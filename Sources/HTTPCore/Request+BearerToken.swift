import HTTPTypes
import Text

extension Request {
  /// Whether `Authorization` has the scheme `Bearer` (RFC 6750 section 2.1), whatever else is in it.
  public var hasBearerToken: Bool {
    fields[values: .authorization].contains { Text($0).lowercasedASCII.dropping(prefix: "bearer") != nil }
  }
}
