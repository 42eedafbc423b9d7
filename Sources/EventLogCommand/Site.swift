import EventLog
import EventLogAPI
import EventLogWeb
import HTTPCore
import Logging

/// What this program serves at one address: all routes, of the API, the pages and the operators' interface, over one
/// store. Everything is wired here, for a responder and for CGI alike.
struct Site {
  let availability: Availability
  let router: Router

  /// - Parameters:
  ///   - store: the log.
  ///   - storeName: what keeps the events, to be shown.
  ///   - statistics: what the server has done so far; nil where there is no server that lives on.
  ///   - logger: is told of each response that has a cause for it.
  init(
    store: any EventStore, storeName: String, statistics: (@Sendable () -> ServerStatistics)?, logger: Logger
  ) {
    let availability = Availability(store: store)
    let api = EventAPI(
      store: store, availability: availability, version: EventLogCommand.version)
    let pages = HTMLPages(
      store: store, availability: availability, version: EventLogCommand.version, storeName: storeName)
    self.availability = availability
    let statusRoutes = statistics.map { statistics in
      StatusAPI(
        store: store, storeName: storeName, availability: availability, version: EventLogCommand.version,
        statistics: statistics
      ).routes
    }
    router = Router(
      api.routes + pages.routes + (statusRoutes ?? []), problemPage: pages.problemPage
    ) { request, response in
      logger.error("\(response.cause ?? "")", metadata: ["request-id": "\(request.id)"])
    }
  }
}
