import HTTPCore
import HTTPTypes
import Text

/// The view of the template `problem`.
struct ProblemPageView: TemplateView {
  static let template = "problem"

  let head: HeadView
  let mount: String
  let title: String
  let status: Int
  let detail: String
  /// The individual errors, as sentences.
  let errors: [String]
  let hasErrors: Bool
  /// Whether trying again may help.
  let mayPass: Bool

  /// - Parameters:
  ///   - problem: what went wrong.
  ///   - head: makes the head of a page with a title.
  init(_ problem: ProblemDetails, head: (String) -> HeadView) {
    title = problem.status.reasonPhrase
    self.head = head("\(title) · Event Log")
    mount = self.head.mount
    status = problem.status.code
    detail = problem.detail
    errors = problem.errors.map { error in
      switch error.place {
      case .pointer(let place), .parameter(let place): "\(place) \(error.detail)"
      }
    }
    hasErrors = !errors.isEmpty
    mayPass = problem.fields[.retryAfter] != nil
  }
}
