import EventLog

/// What the template `page` shows. The templates name its properties.
struct PageView {
  let mount: String
  let version: String
  let isAvailable: Bool
  /// The id of an event that was just recorded.
  let created: String?
  /// What went wrong with the store.
  let failure: String?
  /// What is wrong with the query, each as a sentence.
  let queryErrors: [String]
  let hasQueryErrors: Bool
  let form: EventFormView
  let filter: FilterView
  let list: EventListView?

  init(
    mount: String, version: String, isAvailable: Bool, created: EventID?, failure: String?,
    queryErrors: [InvalidParameter], form: EventFormView, filter: FilterView, list: EventListView?
  ) {
    self.mount = mount
    self.version = version
    self.isAvailable = isAvailable
    self.created = created?.description
    self.failure = failure
    self.queryErrors = queryErrors.map { "\($0.name) \($0.detail)." }
    hasQueryErrors = !queryErrors.isEmpty
    self.form = form
    self.filter = filter
    self.list = list
  }
}
