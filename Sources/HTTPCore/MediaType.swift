/// A media type (RFC 9110 section 8.3.1). `charset` is the only parameter that is kept.
public struct MediaType: Hashable, Sendable {
  /// The top-level type in lower case, such as `application`.
  public let type: String
  /// The subtype in lower case, such as `json`.
  public let subtype: String
  /// The `charset` parameter in lower case; nil when there is none.
  public let charset: String?

  public init(type: String, subtype: String, charset: String? = nil) {
    self.type = type
    self.subtype = subtype
    self.charset = charset
  }

  public static let json = MediaType(type: "application", subtype: "json")
  public static let problemJSON = MediaType(type: "application", subtype: "problem+json")
  public static let form = MediaType(type: "application", subtype: "x-www-form-urlencoded")
  public static let html = MediaType(type: "text", subtype: "html", charset: "utf-8")

  /// The spellings that almost all clients use, which need no parsing.
  private static let common = [
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
    if let common = Self.common[description] {
      self = common
      return
    }
    let parts = description.split(separator: ";").map { $0.trimmingBlanks().lowercased() }
    guard let essence = parts.first?.split(separator: "/", omittingEmptySubsequences: false),
      essence.count == 2, essence.allSatisfy(\.isToken)
    else { return nil }
    let charset = parts.dropFirst().first { $0.hasPrefix("charset=") }?.dropFirst("charset=".count)
    self.init(
      type: String(essence[0]), subtype: String(essence[1]),
      charset: charset.map { $0.filter { $0 != "\"" } })
  }

  public var description: String {
    "\(type)/\(subtype)" + (charset.map { "; charset=\($0)" } ?? "")
  }
}
