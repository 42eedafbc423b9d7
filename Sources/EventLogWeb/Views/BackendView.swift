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
