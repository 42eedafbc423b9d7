import EventLogAPI
import HTTPCore
import HTTPTypes

extension EventPages {
  /// `GET /docs`: the reference of the API, for people.
  func docsPage(_ request: Request) async throws(ProblemDetails) -> Response {
    let view = DocsPageView(
      head: HeadView(mount: request.target.mount, title: "API reference · Event Log"),
      mount: request.target.mount, version: version, docs: DocsView(description()),
      problems: ProblemType.all.map { ProblemTypeView($0, mount: request.target.mount) })
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
  let problems: [ProblemTypeView]
}

/// What the reference says of one type of problem.
struct ProblemTypeView {
  let anchor: String
  let uri: String
  let title: String
  let status: Int
  let meaning: String
  let remedy: String

  init(_ type: ProblemType, mount: String) {
    anchor = type.anchor
    uri = type.uri(mount: mount)
    title = type.title
    status = type.status.code
    meaning = type.meaning
    remedy = type.remedy
  }
}
