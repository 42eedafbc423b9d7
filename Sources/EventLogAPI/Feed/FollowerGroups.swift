import EventLog

/// The groups of followers, which are found by what an event has: the filter of most of them requires a certain value, such
/// as a source, and only the others are asked about each event.
struct FollowerGroups {
  private var numbers: [FollowerGroup.Key: Int] = [:]
  private var groups: [Int: FollowerGroup] = [:]
  private var lastNumber = 0
  /// The groups whose events have a value, by the condition that asks for it.
  private var byEquality: [EventCondition: Set<Int>] = [:]
  /// How many of these conditions ask for a value in `data`.
  private var dataCount = 0
  /// The groups whose events need not have any value.
  private var others: Set<Int> = []

  var all: some Collection<FollowerGroup> { groups.values }

  var isEmpty: Bool { groups.isEmpty }

  mutating func add(_ follower: Follower, to key: FollowerGroup.Key) {
    if let number = numbers[key] {
      groups[number]?.add(follower)
      return
    }
    lastNumber += 1
    numbers[key] = lastNumber
    groups[lastNumber] = FollowerGroup(key)
    groups[lastNumber]?.add(follower)
    guard let equalities = key.filter.requiredEqualities else {
      others.insert(lastNumber)
      return
    }
    for equality in equalities where byEquality[equality, default: []].insert(lastNumber).inserted {
      if equality.isOnData { dataCount += 1 }
    }
  }

  mutating func remove(_ follower: Follower, from key: FollowerGroup.Key) {
    guard let number = numbers[key] else { return }
    groups[number]?.remove(follower.number)
    guard groups[number]?.followers.isEmpty == true else { return }
    (numbers[key], groups[number]) = (nil, nil)
    others.remove(number)
    for equality in key.filter.requiredEqualities ?? [] where byEquality[equality]?.remove(number) != nil {
      if equality.isOnData { dataCount -= 1 }
      if byEquality[equality]?.isEmpty == true { byEquality[equality] = nil }
    }
  }

  /// Finds who is sent which events.
  ///
  /// - Parameter events: the events, in order.
  /// - Returns: each group for which there are any, with those that match its filter.
  func matching(_ events: [FeedEvent]) -> [(group: FollowerGroup, events: [FeedEvent])] {
    var found: [Int: [FeedEvent]] = [:]
    for event in events {
      for number in candidates(event.event) where groups[number]?.key.filter.matches(event.event) == true {
        found[number, default: []].append(event)
      }
    }
    return found.compactMap { number, events in groups[number].map { ($0, events) } }
  }

  /// Returns the groups whose filter an event may match.
  func candidates(_ event: Event) -> Set<Int> {
    if byEquality.isEmpty { return others }
    return event.equalities(includingData: dataCount > 0).reduce(into: others) { candidates, equality in
      if let numbers = byEquality[equality] { candidates.formUnion(numbers) }
    }
  }
}

extension EventCondition {
  fileprivate var isOnData: Bool {
    if case .data = self { true } else { false }
  }
}
