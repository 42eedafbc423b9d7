import HTTPTypes
import Text

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
      if let site = fields[.secFetchSite].map(Text.init(_:)) {
        site == "same-origin" || site == "none"
      } else if let origin = fields[.origin].map(Text.init(_:)) {
        Self.authority(of: origin) == fields[.host].map(Text.init(_:))
      } else {
        true
      }
    guard isOwn else {
      throw ProblemDetails(.crossSite, detail: "A page on another site may not send this request.")
    }
  }

  /// - Returns: the host and the port of an origin; an empty text when the origin is none that has a host.
  private static func authority(of origin: Text) -> Text {
    let parts = origin.split(separator: "/", maximumSplits: 2)
    return parts.count == 3 && parts[0].utf8.last == UInt8(ascii: ":") && parts[1].isEmpty ? parts[2] : ""
  }
}
