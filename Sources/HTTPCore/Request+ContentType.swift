import HTTPTypes
import Text

extension Request {
  /// Returns the media type that `Content-Type` names.
  ///
  /// - Parameter taken: the media types that the content may have; empty when it may have any.
  /// - Returns: one of those media types, with any parameters.
  /// - Throws: 415 when the field is missing, is not a media type, or names a media type that is not taken or a charset
  ///   other than UTF-8, and when it is JSON that claims to be a form. The problem's `Accept` field lists the media types
  ///   that are taken (RFC 9110 section 15.5.16). 400 when the field was sent with different values.
  public func contentType(among taken: [MediaType] = []) throws(ProblemDetails) -> MediaType {
    func unsupported(_ detail: String) -> ProblemDetails {
      let accept = taken.map(\.description).joined(separator: ", ")
      return ProblemDetails(
        .unsupportedMediaType, detail: detail, fields: taken.isEmpty ? [:] : [.accept: accept])
    }
    let value = try single(.contentType) ?? ""
    let mediaType = MediaType(value.string)
    let mayBeJSON = mediaType.map { $0.isSame(as: .form) || !taken.contains(where: $0.isSame) } ?? true
    if mayBeJSON, taken.contains(.json), looksLikeJSON {
      let sent = value.isEmpty ? "the request has no Content-Type" : "its Content-Type is another"
      throw unsupported(
        "The content looks like JSON, but \(sent). Send it with Content-Type: application/json.")
    }
    guard !value.isEmpty else { throw unsupported("The request has no Content-Type.") }
    guard let mediaType else { throw unsupported("The Content-Type is not a media type.") }
    guard taken.isEmpty || taken.contains(where: mediaType.isSame) else {
      throw unsupported("The content must be \(taken.map(\.description).joined(separator: " or ")).")
    }
    guard mediaType.isUTF8 else { throw unsupported("The content must be in UTF-8.") }
    return mediaType
  }

  /// The media type that `Content-Type` names; nil when the field is missing, is not a media type, or was sent with different
  /// values. Web servers pass the field twice (`CONTENT_TYPE` and `HTTP_CONTENT_TYPE`).
  public var mediaType: MediaType? {
    ((try? single(.contentType)) ?? nil).flatMap { MediaType($0.string) }
  }

  /// Whether the content is JSON, by its media type or by its looks.
  var isJSON: Bool {
    looksLikeJSON || mediaType?.isSame(as: .json) ?? false
  }

  /// Whether the content begins as a JSON object or array does, and as no form of ours does. It may be percent-encoded,
  /// as `curl --data-urlencode` sends it.
  private var looksLikeJSON: Bool {
    let start = body.prefix(100).drop { " \t\r\n".utf8.contains($0) }.prefix(3)
    return ["{", "[", "%7B", "%7b", "%5B", "%5b"].contains { start.starts(with: $0.utf8) }
  }
}
