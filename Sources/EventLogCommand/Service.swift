import EventLog
import EventLogAPI
import EventLogWeb
import HTTPCore
import Logging

/// The wiring: every route over one store.
struct Service {
  let availability: Availability
  let router: Router

  init(store: any EventStore, storeName: String, logger: Logger) {
    let availability = Availability(store: store)
    let api = EventAPI(
      store: store, availability: availability, version: EventLogCommand.version)
    let pages = EventPages(
      store: store, isAvailable: availability.isAvailable, problem: { ProblemDetails($0) },
      version: EventLogCommand.version, storeName: storeName, description: OpenAPI.document,
      serviceLinks: EventAPI.serviceLinks)
    self.availability = availability
    router = Router(api.routes + pages.routes) { request, response in
      logger.error("\(response.cause ?? "")", metadata: ["request-id": "\(request.id)"])
    }
  }
}
