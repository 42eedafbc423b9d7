import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import Text

extension HTMLPages {
  /// Handles `GET /views/{name}` for a browser: leads to the list that the view shows.
  func getViewPage(_ request: Request) async throws(ProblemDetails) -> Response {
    let view = try await views.named(in: request)
    return Self.redirect(to: FormURLEncoded.encode(view.parameters), of: request, fields: [.vary: "Accept"])
  }

  /// Handles `POST /save-view` from a browser: saves what the list shows, whose query string is the field `list`, and leads back to
  /// it; or shows it with what is wrong.
  func postView(_ request: Request) async throws(ProblemDetails) -> Response {
    let form = FilledForm(values: try request.formParameters())
    let address = form.value("list")
    let parameters = PageParameters(try Self.parameters(of: address))
    let list: ListQuery
    do { list = try ListQuery(parameters, by: request.client, now: now()) } catch {
      throw ProblemDetails(
        .unprocessableContent, detail: "The list cannot be saved, since its filter is not valid.")
    }
    do throws(ProblemDetails) {
      let view = try Self.view(named: form.value("name").trimmed, of: parameters, list.columns)
      _ = try await views.save(view, for: request.visitor)
    } catch {
      return await listPage(
        .problem(error, beside: list), form: emptyForm(for: request), viewName: form.value("name"),
        for: request)
    }
    return Self.redirect(to: list.lastingAddress, of: request)
  }

  /// Handles `POST /views/{name}/remove` from a browser: removes a view, and leads to the newest events.
  func postViewRemoval(_ request: Request) async throws(ProblemDetails) -> Response {
    try await views.remove(namedIn: request)
    return Self.redirect(to: "", of: request)
  }

  /// Returns a redirect to a list, or to the newest events where its address would not fit into a field.
  private static func redirect(
    to query: String, of request: Request, fields: HTTPFields = [:]
  ) -> Response {
    let list = "\(request.target.mount)/"
    let location = query.isEmpty ? list : "\(list)?\(query)"
    var fields = fields
    fields[.location] = location.utf8.count > Response.maximumFieldSize ? list : location
    fields[.cacheControl] = "no-store"
    return Response(.seeOther, fields: fields)
  }

  private static func parameters(of address: Text) throws(ProblemDetails) -> [(name: Text, value: Text)] {
    do { return try FormURLEncoded.decode(address.utf8) } catch {
      throw ProblemDetails(.malformedRequest, detail: "The address of the list \(error.rawValue).")
    }
  }

  /// Returns the visitor's views, and the form that saves a list as one; nil for somebody who may not read, and where the
  /// store fails.
  func viewsView(of list: ListQuery?, named name: Text, for request: Request) async -> ViewsView? {
    guard request.visitor.may(.read), let all = try? await views.all(for: request.visitor) else { return nil }
    return ViewsView(
      all, name: name, of: views.mayChange(request.visitor) ? list : nil,
      mayChange: views.mayChange(request.visitor))
  }

  private static func view(
    named name: Text, of parameters: PageParameters, _ columns: ListColumns?
  ) throws(ProblemDetails) -> SavedView {
    do throws(InvalidMember) {
      return try SavedView(
        name: try ViewName(name), query: SearchQuery.text(ofFilter: parameters.query),
        columns: columns)
    } catch {
      let what = error.member == "name" ? "Its name" : "What is searched for"
      throw ProblemDetails(
        .unprocessableContent, detail: "The view was not saved. \(what) \(error.detail).")
    }
  }
}
