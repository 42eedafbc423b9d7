import EventLog
import Text

/// The followers with the same filter and format: an event is matched and written once for all of them.
struct FollowerGroup {
  struct Key: Hashable {
    let filter: EventCondition
    let format: StreamFormat
  }

  let key: Key
  private(set) var followers: [Int: Follower] = [:]

  init(_ key: Key) {
    self.key = key
  }

  mutating func add(_ follower: Follower) { followers[follower.number] = follower }

  mutating func remove(_ number: Int) { followers[number] = nil }

  /// Passes events on to those who do not have them.
  func push(_ events: [FeedEvent]) {
    let matching = events.filter { key.filter.matches($0.event) }
    guard let first = matching.first else { return }
    var all: [UInt8] = []
    for event in matching { key.format.append(event.json, to: &all) }
    for follower in followers.values {
      guard let after = follower.after, after >= first.event.id else {
        follower.push(all)
        continue
      }
      var rest: [UInt8] = []
      for event in matching where event.event.id > after { key.format.append(event.json, to: &rest) }
      if !rest.isEmpty { follower.push(rest) }
    }
  }

  func beat() {
    for follower in followers.values where follower.isIdle { follower.push(key.format.heartbeat) }
  }
}

/// An event with its text, which is written once.
struct FeedEvent: Sendable {
  let event: Event
  let json: EventJSON

  init(_ event: Event) {
    self.event = event
    json = EventJSON(event, by: .timestamp)
  }
}
