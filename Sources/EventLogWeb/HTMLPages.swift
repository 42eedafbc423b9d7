public import EventLog
public import EventLogAPI
public import HTTPCore
import HTTPTypes

/// The route table of the pages for people. Each handler has its own file.
///
/// The pages work fully without scripts, and every view has a URL.
public struct HTMLPages: Sendable {
  let store: any EventStore
  let views: SavedViews
  let availability: Availability
  let version: String
  let storeName: String
  let hasStreams: Bool
  /// Who may; nil where nobody is asked.
  let access: KeyAccess?
  let histogramTimeout: Duration
  let now: @Sendable () -> Timestamp

  /// - Parameters:
  ///   - store: the log.
  ///   - views: the saved views.
  ///   - availability: tells whether the log can be used.
  ///   - version: the program's version, which the pages show.
  ///   - storeName: the name of the kind of store, which the pages show.
  ///   - hasStreams: whether there are streams of what is recorded, which the pages can follow.
  ///   - access: asks who visitors are; nil where nobody is asked.
  ///   - histogramTimeout: how long a list may wait for its histogram, which is then left out.
  ///   - now: the clock, at whose time a time range such as "last hour" ends.
  public init(
    store: any EventStore, views: SavedViews, availability: Availability, version: String, storeName: String,
    hasStreams: Bool, access: KeyAccess? = nil, histogramTimeout: Duration = .milliseconds(100),
    now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) {
    self.store = store
    self.views = views
    self.availability = availability
    self.version = version
    self.storeName = storeName
    self.hasStreams = hasStreams
    self.access = access
    self.histogramTimeout = histogramTimeout
    self.now = now
  }

  /// The routes of the pages.
  public var routes: [Route] {
    [
      Route(.get, "/", for: .read, getListPage),
      Route(.post, "/events", takes: [.form], produces: .html, for: .record, postEventForm),
      Route(.get, "/events/{id}", produces: .html, for: .read, getEventPage),
      Route(.get, "/views/{name}", produces: .html, for: .read, getViewPage),
      Route(.post, "/save-view", takes: [.form], for: .read, postView),
      Route(.post, "/views/{name}/remove", takes: [.form], for: .read, postViewRemoval),
      Route(.get, "/docs", for: .everyone, getDocs),
    ] + (access.map(accessRoutes) ?? [])
  }

  private func accessRoutes(_ access: KeyAccess) -> [Route] {
    let pages = AccessPages(pages: self, access: access)
    return [
      Route(.get, "/login", for: .everyone, pages.getLogin),
      Route(.post, "/login", takes: [.form], for: .everyone, pages.postLogin),
      Route(.post, "/logout", takes: [.form], for: .everyone, pages.postLogout),
      Route(.get, "/keys", produces: .html, for: .admin, pages.getKeys),
      Route(.post, "/keys", takes: [.form], produces: .html, for: .admin, pages.postKey),
      Route(.post, "/keys/{name}/rotate", takes: [.form], produces: .html, for: .admin, pages.postRotation),
      Route(.post, "/keys/{name}/revoke", takes: [.form], produces: .html, for: .admin, pages.postRevocation),
    ]
  }
}
