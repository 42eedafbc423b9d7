import EventLog
import HTTPCore

/// The view of the template `list-page`.
struct ListPageView: TemplateView {
  static let template = "list-page"

  /// What went wrong.
  struct Failure: Sendable {
    /// A sentence that says what went wrong.
    let text: String
    /// Whether the store failed, so that trying again may help.
    let isOfStore: Bool

    /// - Returns: nil if nothing went wrong.
    init?(_ problem: ProblemDetails?, isOfStore: Bool) {
      guard let problem else { return nil }
      (text, self.isOfStore) = (problem.detail, isOfStore)
    }
  }

  let head: HeadView
  let mount: String
  let backend: BackendView
  /// The id of the event that was just recorded.
  let created: String?
  let failure: Failure?
  let form: EventFormView
  /// The token of the form; nil for a visitor without a session.
  let formToken: String?
  let filter: FilterView
  let histogram: HistogramChart?
  /// Whether the histogram is missing because counting took too long.
  let isHistogramLeftOut: Bool
  /// The most frequent values; nil when they do not help, or counting took too long.
  let facets: FacetsView?
  let list: EventListView?
  /// The saved views; nil for a visitor who may not read.
  let views: ViewsView?
  /// How the page is kept up to date; nil for a page of a list that nothing new appears on.
  let liveList: LiveListView?
  /// Whether the page has a form to record an event: not for a visitor who may not, and not where the browser loads the page
  /// again by itself while someone may be filling it in.
  let hasForm: Bool

  /// - Parameters:
  ///   - state: what the page shows besides its form.
  ///   - form: the values and errors of the form.
  ///   - page: the events of the list; nil if the store failed or nothing can be listed.
  ///   - histogram: the number of events by time; nil if counting took too long.
  ///   - facets: the most frequent values of each of `FacetsView.members`; nil if counting took too long.
  ///   - backend: the state of the backend.
  ///   - failure: what went wrong; nil if nothing did.
  ///   - views: the saved views; nil for a visitor who may not read.
  ///   - hasStreams: whether there are streams of what is recorded.
  ///   - head: the head of the page.
  init(
    _ state: ListState, form: FilledForm, page: EventPage<Event>?, histogram: EventHistogram?,
    facets: [EventFacets]?, backend: BackendView,
    failure: Failure?, views: ViewsView?, hasStreams: Bool, head: HeadView
  ) {
    self.head = head
    let mount = head.mount
    self.mount = mount
    formToken = head.account?.token
    self.backend = backend
    created = state.created?.description
    self.failure = failure
    self.views = views
    self.form = EventFormView(form)
    let list = state.list
    filter = FilterView(state.filter, chips: list.map(FilterView.chips) ?? [], help: SearchHelp(facets))
    self.list = list.flatMap { list in page.map { EventListView($0, of: list, mount: mount) } }
    self.histogram = list.flatMap { list in
      histogram.map { histogram in
        let hasOccurrences = page?.events.contains { $0.draft.occurredAt != nil } == true
        return HistogramChart(histogram, of: list, hasOccurrences: hasOccurrences)
      }
    }
    self.facets = list.flatMap { list in facets.flatMap { FacetsView($0, of: list) } }
    liveList = list.flatMap { LiveListView($0, lastID: page?.state.lastID, hasStreams: hasStreams) }
    hasForm = head.mayRecord && list?.refreshInterval == nil
    isHistogramLeftOut = page != nil && histogram == nil
  }
}
