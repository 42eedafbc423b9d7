import EventLog

/// The followers with the same filter and format: an event is matched once for all of them.
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
  ///
  /// - Parameter events: events that match.
  /// - Returns: how many events were passed on, once for each follower.
  func push(_ events: [FeedEvent]) -> Int {
    let all = text(of: events)
    var count = 0
    for follower in followers.values {
      if let after = follower.after, let first = events.first, after >= first.event.id {
        let rest = events.filter { $0.event.id > after }
        if rest.isEmpty { continue }
        follower.push(text(of: rest))
        count += rest.count
      } else {
        follower.push(all)
        count += events.count
      }
    }
    return count
  }

  private func text(of events: [FeedEvent]) -> [UInt8] {
    events.reduce(into: []) { key.format.append($1.json, to: &$0) }
  }

  /// Sends a sign of life to some of the followers.
  ///
  /// - Parameters:
  ///   - turn: which of them, from 0 on.
  ///   - turns: the number of turns in which each of them is sent one.
  func beat(_ turn: Int, of turns: Int) {
    for follower in followers.values where follower.number % turns == turn && follower.isIdle {
      follower.push(key.format.heartbeat)
    }
  }
}
