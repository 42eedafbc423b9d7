import EventLog
import EventLogFormats
import HTTPClient
import Linux
import SystemPackage
import Text

/// Shows the newest events of a log on a web server, and what is recorded in it from then on. Whatever happens to the
/// connection, nothing is missed and nothing comes twice: it goes on after the newest event that was shown.
struct RemoteTail {
  /// The seconds for which the server holds a request of which nothing has come yet, where it cannot stream.
  private static let wait = 30
  /// The least time between two such requests to a server that answers at once.
  private static let leastWait = Duration.seconds(1)

  let log: RemoteLog
  let filter: EventCondition
  var output: TailOutput

  /// The event after which the next one comes: an id, or `EventQuery.idBeforeFirst`; nil before the log was read.
  private var after: Text?
  /// The timestamp of the newest event that is known.
  private var newest: Timestamp?
  private var canStream = true
  private var patience: Patience

  init(_ log: RemoteLog, _ filter: EventCondition, _ output: TailOutput) {
    (self.log, self.filter, self.output) = (log, filter, output)
    patience = Patience(name: log.url.description)
  }

  /// Shows events.
  ///
  /// - Parameters:
  ///   - count: the number of events that are there already.
  ///   - isFollowing: whether to go on until the process is ended.
  /// - Throws: `RemoteLogError` when the log does not answer, and that does not pass; `ExitCode` 74 (EX_IOERR) when the
  ///   output cannot be written.
  mutating func show(_ count: Int, thenFollow isFollowing: Bool) throws {
    do {
      guard isFollowing else {
        try begin(count)
        return try output.finish()
      }
      while true {
        do {
          if after == nil { try begin(count) }
          if canStream { try stream() } else { try poll() }
        } catch let error as RemoteLogError {
          try patience.wait(after: error)
        }
      }
    } catch HTTPFailure.outputClosed {
      try TailOutput.endUnread()
    }
  }

  /// Shows what is there, and finds the place after which the rest comes.
  private mutating func begin(_ count: Int) throws {
    var (last, timestamp) = try newestEvent()
    var events: [Event] = []
    var query: RemoteLog.Parameters? = filter.parameters + [("order", "desc")]
    while events.count < count, let parameters = query {
      let page = try log.events(
        parameters.filter { $0.name != "limit" } + [("limit", Text("\(count - events.count)"))])
      events += page.events
      query = page.next
    }
    // What was recorded between the two requests is shown already.
    if let first = events.first, first.id > last ?? first.id || last == nil {
      (last, timestamp) = (first.id, first.timestamp)
    }
    try output.write(events.reversed())
    goOn(after: last, timestamp)
    patience.noteAnswer()
  }

  private func newestEvent(_ filter: RemoteLog.Parameters = []) throws -> (
    id: EventID?, timestamp: Timestamp?
  ) {
    let event = try log.events(filter + [("order", "desc"), ("limit", "1")]).events.first
    return (event?.id, event?.timestamp)
  }

  private mutating func goOn(after id: EventID?, _ timestamp: Timestamp?) {
    after = id.map { Text($0.description) } ?? EventQuery.idBeforeFirst
    newest = timestamp
  }

  private var following: RemoteLog.Parameters {
    [("after", after ?? EventQuery.idBeforeFirst)] + filter.parameters
  }

  /// Shows what comes until the stream ends.
  private mutating func stream() throws {
    guard let transfer = try log.ask("events/stream", following) else {
      canStream = false
      return
    }
    patience.noteAnswer()
    try RemoteLog.explaining {
      var reader = StreamReader()
      while let bytes = try transfer.next() {
        var events: [Event] = []
        for line in try reader.read(bytes) {
          switch line {
          case .heartbeat: break
          case .event(let event): events.append(event)
          case .reset: return try beginAnew()
          }
        }
        try show(events)
      }
      throw HTTPFailure.cut("the server has ended the stream")
    }
  }

  /// Shows what comes as the answer to one request, which the server holds until there is something.
  private mutating func poll() throws {
    let started = ContinuousClock.now
    let (events, _) = try log.events(following + [("wait", Text("\(Self.wait)")), ("limit", "1000")])
    patience.noteAnswer()
    try show(events)
    if !events.isEmpty { return }
    let last = try newestEvent().id
    if let id = after.flatMap({ EventID($0) }), last.map({ $0 < id }) ?? true { return try beginAnew() }
    let rest = started + Self.leastWait - .now
    if rest > .zero { try Patience.pause(rest) }
  }

  private mutating func show(_ events: [Event]) throws {
    guard let last = events.last else { return }
    try output.write(events)
    goOn(after: last.id, last.timestamp)
  }

  /// Finds the place in another log after which nothing was shown. It may be new, or a backup, which has events that were
  /// there before.
  private mutating func beginAnew() throws {
    Exit.say("the log at \(log.url) began anew; what it has after the newest event so far follows")
    let until = newest.map {
      [(name: Text("until"), value: Text(Timestamp(milliseconds: $0.milliseconds + 1).description))]
    }
    let (id, timestamp) = try newestEvent(until ?? [])
    goOn(after: id, timestamp ?? newest)
  }
}
