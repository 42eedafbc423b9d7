import HTTPTypes

extension Request {
  /// Refuses what another site makes a browser send here with its user's rights (cross-site request forgery).
  ///
  /// A browser tells by `Sec-Fetch-Site` (W3C Fetch Metadata), an older one by `Origin` (RFC 6454); programs
  /// send neither and pass. So does every safe method, which changes nothing (RFC 9110 section 9.2.1).
  ///
  /// - Throws: 403.
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
      throw ProblemDetails(.crossSite, detail: "A page of another site may not do this.")
    }
  }
}
