import EventLog

extension EventQuery {
  init(
    types: Set<EventType> = [], order: Order = .ascending, limit: Int? = nil, cursor: EventCursor? = nil
  ) {
    self.init()
    if !types.isEmpty { filter = .anyType(of: types) }
    self.order = order
    self.limit = limit
    self.cursor = cursor
  }
}
