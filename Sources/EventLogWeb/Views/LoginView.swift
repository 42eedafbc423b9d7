/// The view of the template `login`.
struct LoginView: TemplateView {
  static let template = "login"

  let head: HeadView
  let mount: String
  /// Why the visitor is not logged in; nil before the first try.
  let error: String?
  /// The address to go to afterwards.
  let next: String
  let token: String
  /// Whether somebody between the browser and the server can read the key.
  let isUnprotected: Bool
}
