import EventLog

/// What the template `page` shows. The templates name its properties.
struct PageView {
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

/// What the sidebar says of the backend.
struct BackendView {
  let isAvailable: Bool
  let version: String
  /// What keeps the events: `SQLite`.
  let store: String
  /// The number of events, with a space between thousands; nil when it is not known.
  let count: String?

  init(isAvailable: Bool, version: String, store: String, count: Int?) {
    self.isAvailable = isAvailable
    self.version = version
    self.store = store
    self.count = count?.grouped
  }
}

extension Int {
  /// With a narrow space between thousands.
  var grouped: String {
    let digits = Array(String(self))
    return digits.indices.map { index in
      (index > 0 && (digits.count - index) % 3 == 0 ? "\u{202F}" : "") + String(digits[index])
    }.joined()
  }
}
