import HTTPTypes
import Text

extension Request {
  /// Returns the media type that `Content-Type` names.
  ///
  /// - Parameter taken: the media types that the content may have; empty when it may have any.
  /// - Returns: one of those media types, with any parameters.
  /// - Throws: 415 when the field is missing, is not a media type, or names a media type that is not taken or a charset
  ///   other than UTF-8; the problem's `Accept` field lists the media types that are taken (RFC 9110 section 15.5.16).
  ///   400 when the field was sent with different values.
  public func contentType(among taken: [MediaType] = []) throws(ProblemDetails) -> MediaType {
    func unsupported(_ detail: String) -> ProblemDetails {
      let accept = taken.map(\.description).joined(separator: ", ")
      return ProblemDetails(
        .unsupportedMediaType, detail: detail, fields: taken.isEmpty ? [:] : [.accept: accept])
    }
    guard let value = try single(.contentType), !value.isEmpty else {
      throw unsupported("The request has no Content-Type.")
    }
    guard let mediaType = MediaType(value.string) else {
      throw unsupported("The Content-Type is not a media type.")
    }
    guard taken.isEmpty || taken.contains(where: mediaType.isSame) else {
      throw unsupported("The content must be \(taken.map(\.description).joined(separator: " or ")).")
    }
    guard mediaType.isUTF8 else { throw unsupported("The content must be in UTF-8.") }
    return mediaType
  }
}
