import EventLog

/// How a list whose top is the newest event is kept up to date.
struct LiveListView {
  /// The query string of the stream that a script follows; nil if there are no streams, or the browser loads the page again.
  let stream: String?
  /// The last event of the log when the page was made; nil if there was none.
  let last: String?
  /// The query string of the same page that the browser loads again by itself or, if it does so already, no longer does.
  let query: String
  /// The seconds between two loads, if the browser loads the page by itself.
  let interval: Int?
  /// The seconds between two loads that the page offers.
  let offeredInterval = 10

  /// Fails for a list at whose top nothing new appears.
  ///
  /// - Parameters:
  ///   - list: the list.
  ///   - lastID: the last event of the log.
  ///   - hasStreams: whether there are streams of what is recorded.
  init?(_ list: ListQuery, lastID: EventID?, hasStreams: Bool) {
    guard let stream = list.stream else { return nil }
    interval = list.refreshInterval
    self.stream = hasStreams && interval == nil ? stream : nil
    last = lastID?.description
    query = list.address(refreshingEvery: interval == nil ? offeredInterval : nil)
  }
}
