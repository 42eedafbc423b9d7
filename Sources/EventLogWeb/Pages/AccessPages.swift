import EventLog
import EventLogAccess
import EventLogAPI
import HTTPCore
import HTTPTypes
import Text

/// The pages on which people say who they are, and manage keys.
struct AccessPages: Sendable {
  let pages: HTMLPages
  let access: KeyAccess

  /// Handles `GET /login`: shows the form to log in.
  func getLogin(_ request: Request) async throws(ProblemDetails) -> Response {
    let next = try request.queryParameters().first { $0.name == "next" }?.value ?? ""
    return loginPage(next: Self.ownAddress(next, of: request), for: request)
  }

  /// Handles `POST /login`: begins a session, and leads to where the visitor wanted to go.
  func postLogin(_ request: Request) async throws(ProblemDetails) -> Response {
    let form = try request.formParameters()
    func field(_ name: Text) -> Text { form.first { $0.name == name }?.value ?? "" }
    let next = Self.ownAddress(field("next"), of: request)
    let key: AccessKey
    do throws(ProblemDetails) {
      try access.requireOwnForm(request, for: .login)
      key = try await access.key(field("key").trimmed, of: request)
      guard Visitor(key, by: .session).may(.read) else {
        throw ProblemDetails(.forbidden, detail: "This key may not read events, which the page is for.")
      }
    } catch {
      return loginPage(next: next, after: error, for: request)
    }
    let cookie = try await access.beginSession(
      with: key, isRemembered: !field("remember").isEmpty, for: request)
    var fields: HTTPFields = [.location: next, .cacheControl: "no-store"]
    for value in cookie { fields.append(HTTPField(name: .setCookie, value: value)) }
    return Response(.seeOther, fields: fields)
  }

  /// Handles `POST /logout`: ends the session, or all sessions of the same key.
  func postLogout(_ request: Request) async throws(ProblemDetails) -> Response {
    try access.requireOwnForm(request, for: .session)
    let isEverywhere = try request.formParameters().contains { $0.name == "everywhere" }
    let cookie = try await access.endSession(of: request, everywhere: isEverywhere)
    return Response(
      .seeOther,
      fields: [
        .location: "\(request.target.mount)/login", .cacheControl: "no-store", .setCookie: cookie,
        .clearSiteData: "\"cache\"",
      ])
  }

  /// Returns the form to log in, in the place of what somebody unknown may not see.
  func loginPage(after problem: ProblemDetails, of request: Request) -> Response {
    let isView = request.method == .get || request.method == .head
    let next = isView ? request.target.description : "\(request.target.mount)/"
    return loginPage(next: next, after: problem, for: request)
  }

  /// Returns the form to log in.
  ///
  /// - Parameters:
  ///   - next: the address to go to afterwards.
  ///   - problem: why the visitor is not logged in; nil where the form was asked for.
  ///   - request: the request.
  /// - Returns: the page.
  private func loginPage(
    next: String, after problem: ProblemDetails? = nil, for request: Request
  ) -> Response {
    // The cookie stays the same, so that several open forms can be sent.
    let secret =
      ((try? access.cookies.value(.login, of: request)) ?? nil).flatMap(SecretID.init) ?? SecretID()
    let isLoopback = request.clientAddress.flatMap(IPAddress.init)?.isLoopback ?? false
    let view = LoginView(
      head: pages.head("Log in · Event Log", for: request), mount: request.target.mount,
      error: problem?.detail,
      next: next, token: FormToken.make(from: secret.text),
      isUnprotected: request.scheme == .http && !isLoopback)
    var fields = problem?.fields ?? [:]
    fields[.setCookie] = access.cookies.field(
      secret.text, .login, maximumAge: 3600, mount: request.target.mount)
    return pages.page(view, status: problem?.status ?? .ok, fields: fields, for: request)
  }

  /// Returns an address of this site: the given one, or the first page if it leads elsewhere.
  static func ownAddress(_ address: Text, of request: Request) -> String {
    let start = "\(request.target.mount)/"
    let isPlain = address.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "\\") }
    guard isPlain, address.utf8.starts(with: start.utf8), !address.utf8.starts(with: "//".utf8),
      address.utf8.count <= Response.maximumFieldSize
    else { return start }
    return address.string
  }
}
