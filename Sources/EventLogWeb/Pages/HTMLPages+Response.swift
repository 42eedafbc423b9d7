import EventLogAPI
import HTTPCore
import HTTPTypes

extension HTMLPages {
  /// Returns a page as a response, with the fields that every page has.
  ///
  /// - Parameters:
  ///   - view: what the page shows.
  ///   - status: the status, which is the problem's if the page shows one.
  ///   - fields: further fields; those of every page override them.
  ///   - cacheControl: how long the page may be cached.
  ///   - cause: what happened, for the operator's log.
  ///   - request: the request, which knows where the pages are mounted.
  /// - Returns: the response.
  func page(
    _ view: some TemplateView, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:],
    cacheControl: String = "no-store", cause: String? = nil, for request: Request
  ) -> Response {
    response(
      view.html, status: status, fields: fields, cacheControl: cacheControl, cause: cause, for: request)
  }

  /// Returns the HTML of a page as a response, with the fields that every page has. The parameters are those of
  /// `page(_:status:fields:cacheControl:cause:for:)`.
  func response(
    _ html: String, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:],
    cacheControl: String = "no-store", cause: String? = nil, for request: Request
  ) -> Response {
    var fields = fields
    fields[.contentType] = MediaType.html.description
    fields[.cacheControl] = cacheControl
    fields[.contentSecurityPolicy] = Self.contentSecurityPolicy
    let links = [fields[.link], EventAPI.serviceLinks(mount: request.target.mount)]
    fields[.link] = links.compactMap(\.self).joined(separator: ", ")
    return Response(status, fields: fields, body: Self.body(Array(html.utf8)), cause: cause)
  }

  /// Returns a body. A large one is sent in parts, since sending one in a single piece takes several copies of it, for as
  /// long as the client does not read.
  private static func body(_ html: [UInt8]) -> Response.Body {
    guard html.count > shortSize else { return .bytes(html) }
    return .stream { body in
      for start in stride(from: 0, to: html.count, by: partSize) {
        try await body.write(Array(html[start..<min(start + partSize, html.count)]))
      }
    }
  }

  /// The size of the largest page that is sent in a single piece, in bytes.
  private static let shortSize = 262_144
  /// The size of the parts of a larger page, in bytes.
  private static let partSize = 65_536

  /// The policy allows only this site's own style sheet, module and images, and no inline code (W3C CSP Level 3).
  private static let contentSecurityPolicy = """
    default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'
    """
}
