public import HTTPCore
import HTTPTypes

extension HTMLPages {
  /// A problem as people read it, with a way on: what a browser gets where a program gets problem details.
  ///
  /// - Parameters:
  ///   - problem: what went wrong.
  ///   - request: what was asked for.
  /// - Returns: a page with the status and the fields of the problem.
  public func problemPage(_ problem: ProblemDetails, request: Request) -> Response {
    page(
      ProblemPageView(problem, mount: request.target.mount), status: problem.status, fields: problem.fields,
      cause: problem.cause, for: request)
  }
}
