import EventLogAPI
import HTTPCore
import HTTPTypes

extension HTMLPages {
  /// A page as a response, with the fields that every page has.
  ///
  /// - Parameters:
  ///   - view: what the page shows.
  ///   - status: the status, also where the page tells of a problem.
  ///   - fields: further fields; those of every page win.
  ///   - cacheControl: how long the page may be kept.
  ///   - cause: what happened, for the operator's log.
  ///   - request: tells where the pages are mounted.
  /// - Returns: the response.
  func page(
    _ view: some TemplateView, status: HTTPResponse.Status = .ok, fields: HTTPFields = [:],
    cacheControl: String = "no-store", cause: String? = nil, for request: Request
  ) -> Response {
    var fields = fields
    fields[.contentType] = MediaType.html.description
    fields[.cacheControl] = cacheControl
    fields[.contentSecurityPolicy] = Self.contentSecurityPolicy
    fields[.link] = EventAPI.serviceLinks(mount: request.target.mount)
    return Response(status, fields: fields, body: .bytes(Array(view.html.utf8)), cause: cause)
  }

  /// Nothing but this site's own style sheet, module and images, and no code in the page (W3C CSP Level 3).
  private static let contentSecurityPolicy = """
    default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'
    """
}
