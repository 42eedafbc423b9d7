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
  ///   - request: the request, which knows where the pages are mounted.
  /// - Returns: the response. Its status is the problem's if there is one, 422 if the form or the filter is invalid,
  ///   and 200 otherwise.
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

  /// Returns the form as it is before anyone fills it in, with the source that this browser used last.
  func emptyForm(for request: Request) -> FilledForm {
    var form = FilledForm()
    if let source = SourceCookie.source(of: request) { form.values = [("source", source)] }
    return form
  }

  /// Returns the histogram of a query, or nil if counting takes so long that it would delay the list.
  private func chart(of query: EventQuery) async -> HistogramChart? {
    var histogramQuery = HistogramQuery()
    histogramQuery.filter = query.filter
    histogramQuery.resolution = .buckets(60)
    histogramQuery.client = query.client
    let (store, histogramTimeout) = (store, histogramTimeout)
    let histogram = await withTaskGroup(of: EventHistogram?.self) { [histogramQuery] group in
      group.addTask { try? await store.histogram(histogramQuery) }
      group.addTask {
        try? await Task.sleep(for: histogramTimeout)
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
    return histogram.map { HistogramChart($0, of: query) }
  }
}
