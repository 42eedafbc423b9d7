import EventLogAPI
import HTTPCore

extension HTMLPages {
  /// `GET /docs`: the reference of the API, for people.
  func getDocs(_ request: Request) async throws(ProblemDetails) -> Response {
    let view = DocsPageView(
      head: HeadView(mount: request.target.mount, title: "API reference · Event Log"),
      mount: request.target.mount, version: version, docs: DocsView(OpenAPI.document),
      problems: ProblemType.all.map { ProblemTypeView($0, mount: request.target.mount) })
    return page(view, cacheControl: "no-cache", for: request)
  }
}
