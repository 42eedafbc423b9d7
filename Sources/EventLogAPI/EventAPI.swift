public import EventLog
public import HTTPCore
import HTTPTypes

/// The programs' interface to the log: its route table. Each handler has a file of its own.
public struct EventAPI: Sendable {
  let store: any EventStore
  let availability: Availability

  public init(store: any EventStore, availability: Availability) {
    self.store = store
    self.availability = availability
  }

  public var routes: [Route] {
    [
      Route(.get, "/health", health),
      Route(.get, "/events", produces: .json, listEvents),
      Route(.post, "/events", produces: .json, createEvent),
      Route(.get, "/events/{id}", produces: .json, getEvent),
    ]
  }
}
