import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import Text

extension HTMLPages {
  /// Returns the page with the form and, unless the store fails, the list of events.
  ///
  /// - Parameters:
  ///   - state: what the page shows besides its form.
  ///   - form: the values and errors of the form.
  ///   - viewName: the name of a view that could not be saved, as it was typed.
  ///   - request: the request, which knows where the pages are mounted.
  /// - Returns: the response. Its status is the problem's if there is one, 422 if the form or the filter is invalid,
  ///   and 200 otherwise.
  func listPage(
    _ state: ListState, form: FilledForm, viewName: Text = "", for request: Request
  ) async -> Response {
    // Somebody who may only record sees the form, and nothing of the log.
    let log = try? request.readable(store)
    var problem = state.problem
    var hasStoreFailed = problem?.status.kind == .serverError
    var page: EventPage<Event>?
    var histogram: EventHistogram?
    var facets: [EventFacets]?
    if let list = state.list, let log {
      do {
        async let counts = counts(of: list, in: log)
        async let values = values(of: list, in: log)
        page = try await log.page(list.query)
        histogram = await counts
        facets = await values
      } catch {
        problem = problem ?? ProblemDetails(error)
        hasStoreFailed = true
      }
    }
    let isAvailable = await availability.isAvailable()
    let backend = BackendView(
      isAvailable: isAvailable && !hasStoreFailed, version: version, store: storeName,
      count: hasStoreFailed ? nil : try? await log?.statistics().events)
    let failure = ListPageView.Failure(problem, isOfStore: hasStoreFailed)
    let mount = request.target.mount
    let head = head(FilterView.title(of: state.list), hasTimes: true, for: request)
    let views = await viewsView(of: state.list, named: viewName, for: request)
    let html = await rendering(of: (page?.size ?? 0) + form.size + state.filter.size) {
      [page, histogram, facets, hasStreams] in
      ListPageView(
        state, form: form, page: page, histogram: histogram, facets: facets, backend: backend,
        failure: failure, views: views, hasStreams: hasStreams, head: head
      ).html
    }
    var fields = problem?.fields ?? [:]
    if let list = state.list {
      fields[.link] = Self.feedLink(of: list, mount: mount)
      fields[.refresh] = list.refreshInterval.map(String.init)
    }
    let isInvalid = !form.errors.isEmpty || !state.filter.errors.isEmpty
    return response(
      html, status: problem?.status ?? (isInvalid ? .unprocessableContent : .ok),
      fields: fields, cause: problem?.cause, for: request)
  }

  /// Returns the link to the feed of a list, unless its filter is too long.
  private static func feedLink(of list: ListQuery, mount: String) -> String? {
    if list.hasLongFilter { return nil }
    let query = FormURLEncoded.encode(list.query.filter.parameters)
    return
      "<\(mount)/events.atom\(query.isEmpty ? "" : "?\(query)")>; rel=\"alternate\"; type=\"application/atom+xml\""
  }

  /// Returns the form as it is before anyone fills it in, with the source that this browser used last.
  func emptyForm(for request: Request) -> FilledForm {
    var form = FilledForm()
    if let source = SourceCookie.source(of: request) { form.values = [("source", source)] }
    return form
  }

  /// Renders a page where it keeps nobody waiting: a large page off the workers, which are reserved for short work.
  ///
  /// - Parameters:
  ///   - size: the approximate size of what the page shows, in bytes.
  ///   - html: makes the page.
  /// - Returns: the page.
  private func rendering(of size: Int, _ html: @Sendable () -> String) async -> String {
    guard size > Self.largeSize else { return html() }
    return await withTaskExecutorPreference(globalConcurrentExecutor) { html() }
  }

  /// The size of events and forms beyond which a page is rendered off the workers, in bytes. A hundred ordinary events are
  /// smaller.
  private static let largeSize = 32_768

  /// Counts the events of a list by time, or returns nil if that takes so long that it would delay the list.
  private func counts(of list: ListQuery, in log: any ReadableLog) async -> EventHistogram? {
    var histogramQuery = HistogramQuery()
    histogramQuery.filter = list.query.filter
    histogramQuery.end = list.end
    histogramQuery.time = list.histogramTime
    histogramQuery.resolution = .buckets(60)
    histogramQuery.client = list.query.client
    return await inTime { [histogramQuery] in try? await log.histogram(histogramQuery) }
  }

  /// Counts the most frequent values of a list, or returns nil if that would delay the list.
  private func values(of list: ListQuery, in log: any ReadableLog) async -> [EventFacets]? {
    if list.hasLongFilter { return nil }
    return await inTime {
      var facets: [EventFacets] = []
      for member in FacetsView.members {
        var query = FacetQuery(member)
        query.filter = list.query.filter
        query.limit = FacetsView.limit
        query.client = list.query.client
        guard let counted = try? await log.facets(query) else { return nil }
        facets.append(counted)
      }
      return facets
    }
  }

  /// Waits for an answer for as long as a list may wait for its histogram.
  private func inTime<Answer: Sendable>(_ answer: @escaping @Sendable () async -> Answer?) async -> Answer? {
    await withTaskGroup(of: Answer?.self) { [histogramTimeout] group in
      group.addTask { await answer() }
      group.addTask {
        try? await Task.sleep(for: histogramTimeout)
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
  }
}

extension EventPage {
  /// The approximate size of the events in bytes.
  fileprivate var size: Int { events.reduce(0) { $0 + $1.size } }
}

extension FilledForm {
  /// The size of all values in bytes.
  fileprivate var size: Int { values.reduce(0) { $0 + $1.value.utf8.count } }
}
