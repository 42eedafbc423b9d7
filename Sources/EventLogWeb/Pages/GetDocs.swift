import HTTPCore
import HTTPTypes

extension EventPages {
  /// `GET /docs`: the reference of the API, for people.
  func docsPage(_ request: Request) async throws(ProblemDetails) -> Response {
    let view = DocsPageView(
      head: HeadView(mount: request.target.mount, title: "API reference · Event Log"),
      mount: request.target.mount, version: version, docs: DocsView(description()))
    return Response(
      .ok,
      fields: [
        .contentType: MediaType.html.description, .cacheControl: "no-cache",
        .contentSecurityPolicy: Self.contentSecurityPolicy, .link: serviceLinks(request.target.mount),
      ],
      body: .bytes(Array(Templates.docs(view).utf8)))
  }
}

/// What the template `docs` shows.
struct DocsPageView {
  let head: HeadView
  let mount: String
  let version: String
  let docs: DocsView
}
