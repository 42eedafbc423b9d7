import EventLog
import EventLogSQLite
import Linux
import SystemPackage

/// Shows the newest events of a log's file, and what is recorded in it from then on.
struct FileTail {
  let path: String
  let filter: EventCondition
  var output: TailOutput

  /// Shows events.
  ///
  /// - Parameters:
  ///   - count: the number of events that are there already.
  ///   - isFollowing: whether to go on until the process is ended.
  /// - Throws: `EventStoreError` when the log cannot be read; `ExitCode` 74 (EX_IOERR) when the output cannot be written.
  mutating func show(_ count: Int, thenFollow isFollowing: Bool) throws {
    let log = try LogFollower(path: path)
    try output.write(try log.newestEvents(count, matching: filter))
    guard isFollowing else { return try output.finish() }
    while true {
      switch try log.next(matching: filter) {
      case .events(let events): try output.write(events)
      case .away: Exit.say("the event log \(path) is gone; waiting until one is there again")
      case .back: Exit.say("the event log \(path) is back")
      case .another:
        Exit.say("there is another event log at \(path); what it has after the newest event so far follows")
      case nil:
        if !log.wait(whileOpen: .standardOutput) { try TailOutput.endUnread() }
      }
    }
  }
}
