public import Text

/// A media type (RFC 9110 section 8.3.1). `charset` is the only parameter that is kept.
public struct MediaType: Hashable, Sendable {
  /// The top-level type in lower case, such as `application`.
  public let type: String
  /// The subtype in lower case, such as `json`.
  public let subtype: String
  /// The `charset` parameter in lower case; nil when there is none.
  public let charset: Text?
  /// The value of a `Content-Type` field. It is made once, because almost every response has one.
  public let description: String

  public init(type: String, subtype: String, charset: Text? = nil) {
    self.type = type
    self.subtype = subtype
    self.charset = charset
    description = "\(type)/\(subtype)" + (charset.map { "; charset=\($0.string)" } ?? "")
  }

  public static let json = MediaType(type: "application", subtype: "json")
  public static let problemJSON = MediaType(type: "application", subtype: "problem+json")
  public static let form = MediaType(type: "application", subtype: "x-www-form-urlencoded")
  /// Server-sent events (WHATWG HTML section 9.2).
  public static let eventStream = MediaType(type: "text", subtype: "event-stream")
  /// A feed (RFC 4287).
  public static let atom = MediaType(type: "application", subtype: "atom+xml")
  /// Protocol Buffers, as OpenTelemetry's clients name them.
  public static let protobuf = MediaType(type: "application", subtype: "x-protobuf")
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

  /// The labels of UTF-8 and of its subset ASCII (WHATWG Encoding section 4.2, IANA), without anything but letters and
  /// digits.
  private static let labelsOfUTF8 = [
    "utf8", "csutf8", "unicode11utf8", "unicode20utf8", "xunicode20utf8", "usascii", "ascii", "csascii",
  ]

  /// Whether text of this type is encoded in UTF-8, which it is unless `charset` says otherwise. Of a label, only letters
  /// and digits count, as in Unicode's alias matching (UTS #22 section 1.4): `utf8` and `UTF_8` are `utf-8`.
  public var isUTF8: Bool {
    guard let charset else { return true }
    let label = charset.utf8.lazy.filter {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
    return charset.isEmpty || Self.labelsOfUTF8.contains { $0.utf8.elementsEqual(label) }
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
    self.init(
      type: essence[0].string, subtype: essence[1].string,
      charset: parts.dropFirst().lazy.compactMap(Self.charset).first)
  }

  /// Returns the value of a parameter in lower case, without quotes and the blanks that some clients put around `=`; nil
  /// when it is another parameter.
  private static func charset(_ parameter: Text) -> Text? {
    let parts = parameter.split(separator: "=", maximumSplits: 1).map(\.trimmingBlanks)
    guard parts.count == 2, parts[0] == "charset" else { return nil }
    return Text(parts[1].split(separator: "\"").map(\.string).joined())
  }
}
