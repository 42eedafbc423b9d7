/// The view of the template `list-page`.
struct ListPageView: TemplateView {
  static let template = "list-page"

  let head: HeadView
  let mount: String
  let backend: BackendView
  /// The id of the event that was just recorded.
  let created: String?
  /// A sentence that says what went wrong; nil if nothing did.
  let failure: String?
  /// Whether the store failed, so that trying again may help.
  let isStoreFailure: Bool
  let form: EventFormView
  let filter: FilterView
  let histogram: HistogramChart?
  /// Whether the histogram is missing because counting took too long.
  let isHistogramLeftOut: Bool
  let list: EventListView?
}
