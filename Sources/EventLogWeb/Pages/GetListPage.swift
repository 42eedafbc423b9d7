import EventLog
import HTTPCore
import HTTPTypes

extension EventPages {
  /// `GET /`: the form, the filter and a page of the events, newest first unless asked otherwise.
  ///
  /// The query is that of `/events`, and what `PageParameters` adds.
  func listPage(_ request: Request) async throws(ProblemDetails) -> Response {
    let parameters = PageParameters(try request.queryParameters(), now: now())
    if parameters.isRewritten {
      return Response(
        .seeOther,
        fields: [
          .location: "\(request.target.mount)/?\(FormURLEncoded.encode(parameters.query))",
          .cacheControl: "no-store",
        ])
    }
    var created = parameters.created
    // Nobody is told of an event that is not there.
    if let id = created, (try? await store.event(id)) == nil { created = nil }
    do {
      let query = try EventQuery(parameters: parameters.query, defaults: .newestEvents)
      return await page(of: query, form: form(request), created: created, request: request)
    } catch {
      return await page(
        of: nil, form: form(request),
        filter: FilledForm(values: parameters.query, errors: error.errors.map { ($0.name, $0.detail) }),
        status: .unprocessableContent, request: request)
    }
  }

  /// The page with a list of events; where the store fails, without it and with the store's status.
  ///
  /// - Parameters:
  ///   - query: what to list; nil where nothing can be.
  ///   - form: what the form is filled with.
  ///   - filter: what was asked for, where that is no query.
  ///   - created: the event that was just recorded.
  ///   - failure: what went wrong before.
  ///   - isStoreFailure: whether it was the store that failed.
  ///   - status: where nothing fails.
  ///   - request: where the page is mounted.
  /// - Returns: the response.
  func page(
    of query: EventQuery?, form: FilledForm, filter: FilledForm? = nil, created: EventID? = nil,
    failure: ProblemDetails? = nil, isStoreFailure: Bool = true, status: HTTPResponse.Status = .ok,
    request: Request
  ) async -> Response {
    var failure = failure
    var isStoreFailure = isStoreFailure && failure != nil
    var list: EventListView?
    var histogram: HistogramChart?
    if let query {
      do {
        async let chart = chart(of: query)
        list = EventListView(try await store.page(query), of: query)
        histogram = await chart
      } catch {
        failure = failure ?? problem(error)
        isStoreFailure = true
      }
    }
    let isAvailable = await isAvailable()
    let mount = request.target.mount
    let view = PageView(
      head: HeadView(mount: mount, title: "Event Log", hasTimes: true), mount: mount,
      backend: BackendView(
        isAvailable: isAvailable && !isStoreFailure, version: version, store: storeName,
        count: isStoreFailure ? nil : try? await store.statistics().events),
      created: created?.description, failure: failure?.detail, isStoreFailure: isStoreFailure,
      form: EventFormView(form),
      filter: FilterView(
        filter ?? FilledForm(values: (query ?? .newestEvents).parameters),
        chips: query.map(FilterView.chips) ?? []),
      histogram: histogram, isHistogramLeftOut: list != nil && histogram == nil, list: list)
    var fields = failure?.fields ?? [:]
    for field in pageFields(request) { fields[field.name] = field.value }
    return Response(
      failure?.status ?? status, fields: fields, body: .bytes(Array(Templates.page(view).utf8)),
      cause: failure?.cause)
  }

  /// The fields of every page that is made anew each time.
  func pageFields(_ request: Request) -> HTTPFields {
    [
      .contentType: MediaType.html.description, .cacheControl: "no-store",
      .contentSecurityPolicy: Self.contentSecurityPolicy, .link: serviceLinks(request.target.mount),
    ]
  }

  /// The form as it is before anybody fills it in: with the source that this browser used last.
  func form(_ request: Request) -> FilledForm {
    FilledForm(values: SourceCookie.source(of: request).map { [("source", $0)] } ?? [])
  }

  /// The histogram of a query; nil when it takes so long that people would wait for the list.
  private func chart(of query: EventQuery) async -> HistogramChart? {
    var histogramQuery = HistogramQuery()
    histogramQuery.filter = query.filter
    histogramQuery.resolution = .buckets(60)
    let store = store
    let histogram = await withTaskGroup(of: EventHistogram?.self) { [histogramQuery] group in
      group.addTask { try? await store.histogram(histogramQuery) }
      group.addTask {
        try? await Task.sleep(for: .milliseconds(100))
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
    return histogram.map { HistogramChart($0, of: query) }
  }

  /// Nothing but this site's own style sheet, module and images, and no code in the page (W3C CSP Level 3).
  static let contentSecurityPolicy = """
    default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'
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
