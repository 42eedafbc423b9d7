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

  init(_ problem: ProblemDetails, mount: String) {
    title = problem.status.reasonPhrase
    head = HeadView(mount: mount, title: "\(title) · Event Log")
    self.mount = mount
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
