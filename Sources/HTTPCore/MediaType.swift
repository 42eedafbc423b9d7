public import Text

/// A media type (RFC 9110 section 8.3.1). `charset` is the only parameter that is kept.
public struct MediaType: Hashable, Sendable {
  /// The top-level type in lower case, such as `application`.
  public let type: String
  /// The subtype in lower case, such as `json`.
  public let subtype: String
  /// The `charset` parameter in lower case; nil when there is none.
  public let charset: Text?

  public init(type: String, subtype: String, charset: Text? = nil) {
    self.type = type
    self.subtype = subtype
    self.charset = charset
  }

  public static let json = MediaType(type: "application", subtype: "json")
  public static let problemJSON = MediaType(type: "application", subtype: "problem+json")
  public static let form = MediaType(type: "application", subtype: "x-www-form-urlencoded")
  public static let html = MediaType(type: "text", subtype: "html", charset: "utf-8")

  /// The spellings that almost all clients use, which need no parsing.
  private static let common: [Text: MediaType] = [
    "application/json": json,
    "application/x-www-form-urlencoded": form,
  ]

  /// Returns whether both have the same type and subtype, whatever their charsets.
  public func isSame(as other: MediaType) -> Bool {
    type == other.type && subtype == other.subtype
  }

  /// Whether text of this type is encoded in UTF-8, which it is unless `charset` says otherwise.
  public var isUTF8: Bool {
    charset == nil || charset == "utf-8" || charset == "us-ascii"
  }
}

extension MediaType: LosslessStringConvertible {
  /// Parses the value of a `Content-Type` field; fails when it is not a media type.
  public init?(_ description: String) {
    let text = Text(description)
    if let common = Self.common[text] {
      self = common
      return
    }
    let parts = text.split(separator: ";").map(\.trimmingBlanks.lowercasedASCII)
    let essence = parts[0].split(separator: "/")
    guard essence.count == 2, essence.allSatisfy(\.isToken) else { return nil }
    let charset = parts.dropFirst().lazy.compactMap { $0.dropping(prefix: "charset=") }.first
    self.init(
      type: essence[0].string, subtype: essence[1].string,
      charset: charset.map { Text($0.split(separator: "\"").map(\.string).joined()) })
  }

  public var description: String {
    "\(type)/\(subtype)" + (charset.map { "; charset=\($0.string)" } ?? "")
  }
}
