public import HTTPCore
import HTTPTypes

extension HTMLPages {
  /// Returns a problem as a page with links to continue, which a browser gets where a program gets problem details.
  ///
  /// - Parameters:
  ///   - problem: what went wrong.
  ///   - request: the request that failed.
  /// - Returns: a page with the problem's status and fields.
  public func problemPage(_ problem: ProblemDetails, request: Request) -> Response {
    page(
      ProblemPageView(problem, mount: request.target.mount), status: problem.status, fields: problem.fields,
      cause: problem.cause, for: request)
  }
}
