public import HTTPCore
import HTTPTypes

extension EventPages {
  /// A problem as people read it, with a way on: what a browser gets where a program gets problem details.
  ///
  /// - Parameters:
  ///   - problem: what went wrong.
  ///   - request: what was asked for.
  /// - Returns: a page with the status and the fields of the problem.
  public func problemPage(_ problem: ProblemDetails, request: Request) -> Response {
    let mount = request.target.mount
    let title = problem.status.reasonPhrase
    let view = ProblemPageView(
      head: HeadView(mount: mount, title: "\(title) · Event Log"), mount: mount, title: title,
      status: problem.status.code, detail: problem.detail,
      errors: problem.errors.map { error in
        switch error.place {
        case .pointer(let place), .parameter(let place): "\(place) \(error.detail)"
        }
      },
      hasErrors: !problem.errors.isEmpty, mayPass: problem.fields[.retryAfter] != nil)
    var fields = problem.fields
    for field in pageFields(request) { fields[field.name] = field.value }
    return Response(
      problem.status, fields: fields, body: .bytes(Array(Templates.problem(view).utf8)), cause: problem.cause)
  }
}

/// What the template `problem` shows.
struct ProblemPageView {
  let head: HeadView
  let mount: String
  let title: String
  let status: Int
  let detail: String
  /// What is wrong in particular, as sentences.
  let errors: [String]
  let hasErrors: Bool
  /// Whether trying again may help.
  let mayPass: Bool
}
