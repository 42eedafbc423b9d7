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
    var fields = fields
    fields[.contentType] = MediaType.html.description
    fields[.cacheControl] = cacheControl
    fields[.contentSecurityPolicy] = Self.contentSecurityPolicy
    fields[.link] = EventAPI.serviceLinks(mount: request.target.mount)
    return Response(status, fields: fields, body: .bytes(Array(view.html.utf8)), cause: cause)
  }

  /// The policy allows only this site's own style sheet, module and images, and no inline code (W3C CSP Level 3).
  private static let contentSecurityPolicy = """
    default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'
    """
}
