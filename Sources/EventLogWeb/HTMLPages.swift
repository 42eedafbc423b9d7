public import EventLog
public import EventLogAPI
public import HTTPCore
import HTTPTypes

/// The pages for people: their route table. Each handler has a file of its own.
///
/// They do everything without scripts, and every view is a URL.
public struct HTMLPages: Sendable {
  let store: any EventStore
  let availability: Availability
  let version: String
  let storeName: String
  let now: @Sendable () -> Timestamp

  /// - Parameters:
  ///   - store: the log.
  ///   - availability: tells whether the log can be used.
  ///   - version: the program's version, to be shown.
  ///   - storeName: what keeps the events, to be shown.
  ///   - now: the clock that spans of time end at.
  public init(
    store: any EventStore, availability: Availability, version: String, storeName: String,
    now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    self.store = store
    self.availability = availability
    self.version = version
    self.storeName = storeName
    self.now = now
  }

  public var routes: [Route] {
    [
      Route(.get, "/", for: .read, getListPage),
      Route(.post, "/events", takes: [.form], produces: .html, for: .record, postEventForm),
      Route(.get, "/events/{id}", produces: .html, for: .read, getEventPage),
      Route(.get, "/docs", for: .everyone, getDocs),
    ]
  }
}
