/// What the template `list-page` shows.
struct ListPageView: TemplateView {
  static let template = "list-page"

  let head: HeadView
  let mount: String
  let backend: BackendView
  /// The id of an event that was just recorded.
  let created: String?
  /// What went wrong.
  let failure: String?
  /// Whether it is the store that failed, and trying again may help.
  let isStoreFailure: Bool
  let form: EventFormView
  let filter: FilterView
  let histogram: HistogramChart?
  /// Whether there is none because counting took too long.
  let isHistogramLeftOut: Bool
  let list: EventListView?
}
