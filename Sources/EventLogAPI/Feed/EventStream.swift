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
  let store: any EventStore
  let feed: EventFeed
  let place: StreamLimits.Place

  private static let partSize = 65_536

  func send(to body: any BodyWriter) async throws {
    // The place is held for as long as the stream lasts.
    defer { withExtendedLifetime(place) {} }
    var position = isReset ? start : isFromFirst ? nil : query.after ?? start
    try await body.write(format.start(after: position) + (isReset ? format.reset(to: start) : []))
    // Most of what is there is sent before anything has to wait for that.
    if !isReset, query.after != nil || isFromFirst { position = try await sendPages(after: position, body) }
    let key = FollowerGroup.Key(filter: query.filter, format: format)
    let (follower, missing) = feed.follow(key, after: position) { body.abandon() }
    defer { feed.leave(key, follower) }
    if let missing { _ = try await sendPages(after: position, upTo: missing, body) }
    do {
      while true { try await body.write(try await follower.next()) }
    } catch Follower.End.closed {
      // The client connects again.
    }
  }

  /// Sends what is there already.
  ///
  /// - Returns: the newest event that was considered.
  private func sendPages(
    after id: EventID?, upTo last: EventID? = nil, _ body: any BodyWriter
  ) async throws -> EventID? {
    var query = query
    query.after = id
    query.lastID = last
    var lastID = last
    while true {
      let page = try await store.page(query, of: EventJSON.self)
      // What is recorded meanwhile comes later.
      lastID = lastID ?? page.state.lastID
      var text: [UInt8] = []
      for event in page.events {
        format.append(event, to: &text)
        if text.count >= Self.partSize {
          try await body.write(text)
          text.removeAll(keepingCapacity: true)
        }
      }
      if !text.isEmpty { try await body.write(text) }
      guard var next = page.next else { return lastID ?? id }
      next.lastID = lastID
      query = next
    }
  }
}
