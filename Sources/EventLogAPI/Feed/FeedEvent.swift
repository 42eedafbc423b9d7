import EventLog
import Synchronization

/// An event of the feed. Its text is made when it is first sent, once for everyone.
final class FeedEvent: Sendable {
  let event: Event
  private let text = Mutex<EventJSON?>(nil)

  init(_ event: Event) {
    self.event = event
  }

  var json: EventJSON {
    text.withLock { text in
      if let text { return text }
      let made = EventJSON(event, by: .timestamp)
      text = made
      return made
    }
  }
}
