import EventLog
import HTTPCore

/// Sends one stream.
struct EventStream: Sendable {
  let query: EventQuery
  /// Whether the client has seen the log when it was empty, and wants everything.
  let isFromFirst: Bool
  /// Whether the log has not given the id yet after which the client asks.
  let isReset: Bool
  /// The newest event when the request came.
  let start: EventID?
  let format: StreamFormat
  let feed: EventFeed
  let place: StreamLimits.Place

  private static let partSize = 65_536

  func send(to body: any BodyWriter) async throws {
    // The place is held for as long as the stream lasts.
    defer { withExtendedLifetime(place) {} }
    try await body.write(format.start(after: begin) + (isReset ? format.reset(to: start) : []))
    let key = FollowerGroup.Key(filter: query.filter, format: format)
    let (follower, missing) = try await follow(key, body)
    defer { feed.leave(key, follower) }
    try await write(missing.lazy.filter { query.filter.matches($0.event) }.map(\.json), to: body)
    do {
      while true { try await body.write(try await follower.next()) }
    } catch Follower.End.closed {
      // The client connects again.
    }
  }

  /// Sends what the feed does not remember, and begins to follow.
  private func follow(
    _ key: FollowerGroup.Key, _ body: any BodyWriter
  ) async throws -> (follower: Follower, missing: ArraySlice<FeedEvent>) {
    var position = begin
    if isFarBehind { position = try await sendPages(after: position, body) }
    while true {
      if let followed = feed.follow(key, after: position, body) { return followed }
      position = try await sendPages(after: position, body)
    }
  }

  /// The newest event that the client has; nil when it has none, and wants all.
  private var begin: EventID? { isReset ? start : isFromFirst ? nil : query.after ?? start }

  /// Whether the client has missed more than a feed remembers that begins with it.
  private var isFarBehind: Bool {
    guard let start else { return false }
    return (begin?.number ?? 0) < start.number - Int64(RecentEvents.count)
  }

  /// Sends what is there already, in a task of its own: the memory that reading takes is not kept for as long as the stream
  /// lasts.
  ///
  /// - Returns: the newest event that was considered.
  private func sendPages(after id: EventID?, _ body: any BodyWriter) async throws -> EventID? {
    try await withThrowingTaskGroup(of: EventID?.self) { group in
      group.addTask { try await writePages(after: id, body) }
      return try await group.next() ?? id
    }
  }

  private func writePages(after id: EventID?, _ body: any BodyWriter) async throws -> EventID? {
    var query = query
    query.after = id
    var lastID: EventID?
    while true {
      let page = try await feed.page(query)
      // What is recorded meanwhile comes later.
      lastID = lastID ?? page.state.lastID
      try await write(page.events, to: body)
      guard var next = page.next else { return lastID ?? id }
      next.lastID = lastID
      query = next
    }
  }

  /// Writes events in parts, so that a client that takes them slowly keeps little in memory.
  private func write(_ events: some Sequence<EventJSON>, to body: any BodyWriter) async throws {
    var text: [UInt8] = []
    for event in events {
      format.append(event, to: &text)
      if text.count >= Self.partSize {
        try await body.write(text)
        text.removeAll(keepingCapacity: true)
      }
    }
    if !text.isEmpty { try await body.write(text) }
  }
}
