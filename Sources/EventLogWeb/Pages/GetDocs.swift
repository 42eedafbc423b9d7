import EventLogAPI
import HTTPCore

extension HTMLPages {
  /// Handles `GET /docs`: shows the API reference to people.
  func getDocs(_ request: Request) async throws(ProblemDetails) -> Response {
    let view = DocsPageView(
      head: head("API reference · Event Log", for: request),
      mount: request.target.mount, version: version,
      docs: DocsView(access == nil ? OpenAPI.document : OpenAPI.documentWithKeys),
      problems: ProblemType.all.map { ProblemTypeView($0, mount: request.target.mount) })
    return page(view, cacheControl: "no-cache", for: request)
  }
}
