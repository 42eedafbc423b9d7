import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes

extension HTMLPages {
  /// The page with the form and, unless the store fails, the list of events.
  ///
  /// - Parameters:
  ///   - state: what it shows besides its form.
  ///   - form: what the form is filled with.
  ///   - request: tells where the pages are mounted.
  /// - Returns: the response: with the problem's status where there is one, 422 where the form or the filter is
  ///   invalid, else 200.
  func listPage(_ state: ListState, form: FilledForm, for request: Request) async -> Response {
    let mount = request.target.mount
    var problem = state.problem
    var hasStoreFailed = problem?.status.kind == .serverError
    var list: EventListView?
    var histogram: HistogramChart?
    if let query = state.query {
      do {
        async let chart = chart(of: query)
        list = EventListView(try await store.page(query), of: query, mount: mount)
        histogram = await chart
      } catch {
        problem = problem ?? ProblemDetails(error)
        hasStoreFailed = true
      }
    }
    let filter = state.filter
    let isAvailable = await availability.isAvailable()
    let view = ListPageView(
      head: HeadView(mount: mount, title: "Event Log", hasTimes: true), mount: mount,
      backend: BackendView(
        isAvailable: isAvailable && !hasStoreFailed, version: version, store: storeName,
        count: hasStoreFailed ? nil : try? await store.statistics().events),
      created: state.created?.description, failure: problem?.detail, isStoreFailure: hasStoreFailed,
      form: EventFormView(form),
      filter: FilterView(filter, chips: state.query.map(FilterView.chips) ?? []),
      histogram: histogram, isHistogramLeftOut: list != nil && histogram == nil, list: list)
    let isInvalid = !form.errors.isEmpty || !filter.errors.isEmpty
    return page(
      view, status: problem?.status ?? (isInvalid ? .unprocessableContent : .ok),
      fields: problem?.fields ?? [:], cause: problem?.cause, for: request)
  }

  /// The form as it is before anybody fills it in: with the source that this browser used last.
  func emptyForm(for request: Request) -> FilledForm {
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
}
