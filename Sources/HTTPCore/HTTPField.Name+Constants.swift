public import HTTPTypes

// The literals are tokens, so the initializer cannot fail.
// swift-format-ignore: NeverForceUnwrap
extension HTTPField.Name {
  /// The field in which a browser says where a request comes from (W3C Fetch Metadata).
  public static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
  /// The host and port that the request is addressed to (RFC 9110 section 7.2).
  public static let host = HTTPField.Name("Host")!
  /// The field in which a client states preferences, and the one that says which were followed (RFC 7240).
  public static let prefer = HTTPField.Name("Prefer")!
  public static let preferenceApplied = HTTPField.Name("Preference-Applied")!
  /// The field by which a client can try a request again (draft-ietf-httpapi-idempotency-key-header).
  public static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
  /// The field in which a browser names the last event that it has of a stream (WHATWG HTML section 9.2).
  public static let lastEventID = HTTPField.Name("Last-Event-ID")!
  /// The field that tells nginx whether to pass on a response as it comes.
  public static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
  /// The field that links to related resources (RFC 8288).
  public static let link = HTTPField.Name("Link")!
  /// The seconds after which a browser loads the page again (WHATWG HTML section 7.5.1).
  public static let refresh = HTTPField.Name("Refresh")!
  /// The field that has a browser forget what it keeps of a site (W3C Clear Site Data).
  public static let clearSiteData = HTTPField.Name("Clear-Site-Data")!
}
