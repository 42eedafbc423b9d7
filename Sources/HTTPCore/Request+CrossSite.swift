import HTTPTypes

extension Request {
  /// Refuses a request that another site makes a browser send with its user's rights (cross-site request forgery).
  ///
  /// A browser reveals this in `Sec-Fetch-Site` (W3C Fetch Metadata), an older one in `Origin` (RFC 6454). Programs
  /// send neither field, so their requests pass, and so does every safe method, which changes nothing (RFC 9110
  /// section 9.2.1).
  ///
  /// - Throws: 403 when another site caused the request.
  public func refuseCrossSite() throws(ProblemDetails) {
    if method == .get || method == .head || method == .options { return }
    let isOwn =
      if let site = fields[.secFetchSite] {
        site == "same-origin" || site == "none"
      } else if let origin = fields[.origin] {
        origin.split(separator: "/", maxSplits: 2).last.map(String.init) == fields[.host]
          && origin.contains("://")
      } else {
        true
      }
    guard isOwn else {
      throw ProblemDetails(.crossSite, detail: "A page on another site may not send this request.")
    }
  }
}
