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
    if problem.status == .unauthorized, let access {
      return AccessPages(pages: self, access: access).loginPage(after: problem, of: request)
    }
    return page(
      ProblemPageView(problem) { head($0, for: request) }, status: problem.status, fields: problem.fields,
      cause: problem.cause, for: request)
  }
}
