public import HTTPTypes

// The literals are tokens, so that the initializer cannot fail.
// swift-format-ignore: NeverForceUnwrap
extension HTTPField.Name {
  /// W3C Fetch Metadata: from where a browser sends the request.
  public static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
  /// RFC 9110 section 7.2.
  public static let host = HTTPField.Name("Host")!
  /// RFC 8288.
  public static let link = HTTPField.Name("Link")!
  /// Names one request in the logs of everything it passes through.
  public static let requestID = HTTPField.Name("X-Request-Id")!
}
