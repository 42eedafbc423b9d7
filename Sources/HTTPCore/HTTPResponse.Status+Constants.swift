public import HTTPTypes

extension HTTPResponse.Status {
  /// The status 507 (RFC 4918 section 11.5).
  public static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}
