import EventLog
import EventLogAccess
import EventLogAPI
import HTTPCore
import HTTPTypes
import Text

extension AccessPages {
  /// Handles `GET /keys` for a browser: shows all keys, and the form that makes one.
  func getKeys(_ request: Request) async throws(ProblemDetails) -> Response {
    try await keysPage(for: request)
  }

  /// Handles `POST /keys` from a browser: makes a key, and shows it once.
  func postKey(_ request: Request) async throws(ProblemDetails) -> Response {
    let form = FilledForm(values: try request.formParameters())
    let made: (key: AccessKey, text: KeyText)
    do throws(ProblemDetails) {
      let roles = form.values.filter { $0.name == "role" }.compactMap { KeyRole(named: $0.value) }
      let key: NewKey
      do throws(NewKey.Invalid) {
        key = try NewKey(
          name: form.value("name"), roles: Set(roles), source: form.value("source"),
          span: try NewKey.span(form.value("ends").trimmed))
      } catch {
        throw ProblemDetails(
          .unprocessableContent, detail: "The key cannot be made: \(error.member.string) \(error.detail).")
      }
      made = try await access.store.make(key, by: request.visitor)
    } catch {
      return try await keysPage(form: form, error: error, for: request)
    }
    return try await keysPage(made: made, status: .created, for: request)
  }

  /// Handles `POST /keys/{name}/rotate` from a browser.
  func postRotation(_ request: Request) async throws(ProblemDetails) -> Response {
    let made = try await access.store.rotate(request.pathParameters["name"] ?? "", by: request.visitor)
    return try await keysPage(made: made, for: request)
  }

  /// Handles `POST /keys/{name}/revoke` from a browser.
  func postRevocation(_ request: Request) async throws(ProblemDetails) -> Response {
    let name = request.pathParameters["name"] ?? ""
    try await access.store.revoke(name, by: request.visitor)
    return Response(
      .seeOther, fields: [.location: "\(request.target.mount)/keys", .cacheControl: "no-store"])
  }

  private func keysPage(
    form: FilledForm = FilledForm(), made: (key: AccessKey, text: KeyText)? = nil,
    error: ProblemDetails? = nil,
    status: HTTPResponse.Status = .ok, for request: Request
  ) async throws(ProblemDetails) -> Response {
    let keys: [AccessKey]
    do { keys = try await access.store.snapshot(maximumAge: .zero).keys } catch {
      throw ProblemDetails(error)
    }
    let view = KeysView(
      keys, form: form, made: made, error: error?.detail, now: pages.now(),
      head: pages.head("Keys · Event Log", hasTimes: true, for: request))
    return pages.page(view, status: error?.status ?? status, fields: [.vary: "Accept"], for: request)
  }
}
