import EventLog
import HTTPCore
import HTTPTypes

extension EventPages {
  /// `GET /`: the form, the filter and a page of the events, newest first unless asked otherwise.
  ///
  /// The query is that of `/events`; besides, `created` is the id of an event that was just recorded.
  func listPage(_ request: Request) async throws(ProblemDetails) -> Response {
    var parameters = try request.queryParameters()
    var created = parameters.first { $0.name == "created" }.flatMap { EventID($0.value) }
    // Nobody is told of an event that is not there.
    if let id = created, (try? await store.event(id)) == nil { created = nil }
    parameters.removeAll { $0.name == "created" }
    do {
      let query = try EventQuery(parameters: parameters, defaults: .newestEvents)
      return await page(of: query, form: EventForm(), created: created, request: request)
    } catch {
      return await page(
        of: nil, form: EventForm(), queryErrors: error.errors, status: .unprocessableContent,
        request: request)
    }
  }

  /// The page with a list of events; where the store fails, without it and with the store's status.
  ///
  /// - Parameters:
  ///   - query: what to list; nil where nothing can be.
  ///   - form: what the form is filled with.
  ///   - created: the event that was just recorded.
  ///   - queryErrors: what is wrong with the query.
  ///   - failure: what went wrong with the store before.
  ///   - status: where nothing fails now.
  ///   - request: where the page is mounted.
  /// - Returns: the response.
  func page(
    of query: EventQuery?, form: EventForm, created: EventID? = nil, queryErrors: [InvalidParameter] = [],
    failure: ProblemDetails? = nil, status: HTTPResponse.Status = .ok, request: Request
  ) async -> Response {
    var failure = failure
    var list: EventListView?
    if let query {
      do {
        list = EventListView(try await store.page(query), of: query)
      } catch {
        failure = failure ?? problem(error)
      }
    }
    let isAvailable = await isAvailable()
    let view = PageView(
      mount: request.target.mount, version: version, isAvailable: isAvailable && failure == nil,
      created: created, failure: failure?.detail, queryErrors: queryErrors, form: EventFormView(form),
      filter: FilterView(query ?? .newestEvents), list: list)
    var fields = failure?.fields ?? [:]
    fields[.contentType] = MediaType.html.description
    fields[.cacheControl] = "no-store"
    fields[.contentSecurityPolicy] = Self.contentSecurityPolicy
    fields[.link] = serviceLinks(request.target.mount)
    return Response(
      failure?.status ?? status, fields: fields, body: .bytes(Array(Templates.page(view).utf8)),
      cause: failure?.cause)
  }

  /// Nothing but this site's own style sheet and images; no code at all (W3C CSP Level 3).
  static let contentSecurityPolicy = """
    default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'
    """
}

extension EventQuery {
  /// What the page lists when nothing else is asked for.
  static let newestEvents: EventQuery = {
    var query = EventQuery()
    query.order = .descending
    query.limit = 50
    return query
  }()
}
