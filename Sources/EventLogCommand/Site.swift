import EventLog
import EventLogAPI
import EventLogAccess
import EventLogWeb
import HTTPCore
import Logging

/// Everything that this program serves: all routes of the API, the pages and the operators' interface, connected to one
/// store. It is wired here, for a responder and for CGI alike.
struct Site {
  let store: any EventStore
  let availability: Availability
  let router: Router
  /// What streams follow; nil for a process that answers only one request.
  let feed: EventFeed?

  /// Connects every route to a store.
  ///
  /// - Parameters:
  ///   - store: the log.
  ///   - storeName: the kind of store, which the pages and `/status` show.
  ///   - policy: tells by which addresses the program may be used, and from which other sites.
  ///   - access: asks who visitors are; nil where nobody is asked.
  ///   - operators: the addresses that operators come from where nobody is asked, in addition to those of this machine.
  ///   - maximumBodySize: the longest content that is accepted, in bytes, when it is decoded.
  ///   - statistics: returns what the server has done so far; nil for a process that answers only one request.
  ///   - streamLimits: how many streams there may be.
  ///   - logger: logs the cause of each response that has one.
  init(
    store: any EventStore, storeName: String, policy: AccessPolicy, access: KeyAccess? = nil,
    operators: [IPAddress] = [], maximumBodySize: Int,
    statistics: (@Sendable () -> ServerStatistics)?, streamLimits: StreamLimits, logger: Logger
  ) {
    self.store = store
    let availability = Availability(store: store)
    let feed = statistics.map { _ in EventFeed(store, meter: streamLimits.meter) }
    self.feed = feed
    let api = EventAPI(
      store: store, availability: availability, version: EventLogCommand.version,
      hasKeys: access != nil, streams: feed.map { EventAPI.Streams($0, streamLimits) })
    let views = SavedViews((store as? any ViewStore) ?? MemoryViewStore(), access: access)
    let pages = HTMLPages(
      store: store, views: views, availability: availability, version: EventLogCommand.version,
      storeName: storeName,
      hasStreams: feed != nil, access: access)
    self.availability = availability
    let statusRoutes = statistics.map { statistics in
      StatusAPI(
        store: store, storeName: storeName, availability: availability, version: EventLogCommand.version,
        statistics: statistics, streams: streamLimits
      ).routes
    }
    router = Router(
      api.routes + ViewsAPI(views).routes + (access.map { KeysAPI($0).routes } ?? []) + pages.routes
        + (statusRoutes ?? []),
      policy: policy,
      authenticator: access ?? OpenAccess(operators: operators),
      codings: [.gzip(maximumSize: maximumBodySize)], problemPage: pages.problemPage
    ) { request, response in
      logger.error("\(response.cause ?? "")", metadata: ["request-id": "\(request.id)"])
    }
  }

  /// Tells clients that the process is about to end, and ends what would not end by itself.
  @Sendable func drain() {
    availability.withdraw()
    feed?.close()
  }
}
