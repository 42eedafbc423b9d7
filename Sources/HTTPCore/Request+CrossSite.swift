import HTTPTypes
import Text

extension Request {
  /// Refuses a request that another site makes a browser send with its user's rights (cross-site request forgery).
  ///
  /// A browser reveals this in `Sec-Fetch-Site` (W3C Fetch Metadata), an older one in `Origin` (RFC 6454). Programs
  /// send neither field, so their requests pass, and so does every safe method, which changes nothing (RFC 9110
  /// section 9.2.1).
  ///
  /// - Parameter publicOrigin: the origin of this program's pages; nil if it is the host and the port in `Host`.
  /// - Throws: 403 when another site caused the request.
  public func refuseCrossSite(from publicOrigin: Origin? = nil) throws(ProblemDetails) {
    if method == .get || method == .head || method == .options { return }
    if let site = fields[.secFetchSite].map(Text.init(_:)) {
      guard site == "same-origin" || site == "none" else {
        throw ProblemDetails(.crossSite, detail: "A page on another site may not send this request.")
      }
    } else if let value = fields[.origin] {
      try refuse(origin: value, other: publicOrigin)
    }
  }

  private func refuse(origin value: String, other publicOrigin: Origin?) throws(ProblemDetails) {
    let origin = Origin(value)
    let isOwn =
      if let publicOrigin {
        origin == publicOrigin
      } else if let origin, let host = fields[.host].flatMap({ Authority($0) }) {
        origin.isServed(by: host)
      } else {
        false
      }
    guard isOwn else {
      let page = origin.map { _ in "A page at \(value)" } ?? "A page at an unknown address"
      throw ProblemDetails(
        .crossSite,
        detail: """
          \(page) sent this request, and that is not this log's own address. If it should be, because a proxy changes \
          the Host field, the log's operator can give it with --public-url.
          """)
    }
  }
}
