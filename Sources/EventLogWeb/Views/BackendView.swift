/// The state of the backend, as the sidebar shows it.
struct BackendView: Sendable {
  let isAvailable: Bool
  let version: String
  /// The name of what keeps the events, such as `SQLite`.
  let store: String
  /// The number of events, with a space between thousands; nil if it is unknown.
  let count: String?

  init(isAvailable: Bool, version: String, store: String, count: Int?) {
    self.isAvailable = isAvailable
    self.version = version
    self.store = store
    self.count = count?.grouped
  }
}
