public import EventLog
import Glibc
import Linux
public import SystemPackage

/// Follows a log that is only read: finds what was recorded since the last look, by whichever process, and waits for more
/// without looking while nothing happens.
///
/// The log is open only during a look. So nobody has to leave a write-ahead log behind, or wait, because of this process.
public final class LogFollower {
  /// What a look has found.
  public enum News {
    /// These events match, in the order of recording.
    case events([Event])
    /// The log's file is not at its path any longer. It is waited for.
    case away
    /// The log's file is back; nothing of what it has was missed.
    case back
    /// There is another log at the path. What was recorded in it after the newest event of the one before comes next.
    case another
  }

  /// After something was written, the log is looked at again after these times: whoever is not this program only writes,
  /// which is noticed before the transaction can be seen.
  private static let pauses = [10, 30, 60, 100, 200, 400, 800].map(Duration.milliseconds)
  /// The time between two looks where nothing tells that something has happened.
  private static let interval = Duration.milliseconds(250)
  /// The time between two looks at a path where the log is not.
  private static let absentInterval = Duration.seconds(1)
  /// The time between a change and the look at it, in microseconds. A command that records something is done with the log by
  /// then, and could leave it as a single file, which takes that nobody else has it open.
  private static let settlingTime: UInt32 = 15_000
  /// The time after which an error that does not go away is reported.
  private static let patience = Duration.seconds(SQLiteEventStore.busyTimeout)

  private let path: String
  private var place: Place
  private var log: ReadOnlyLog
  private var watch: FolderWatch?
  /// What the log looked like before the last look that found its end; nil when there may be more.
  private var stamp: LogStamp?
  /// The log's own id, since another file may have the inode of one that was removed.
  private var logID: Int64
  /// The newest event that was considered.
  private var newest: LogState.Newest?
  private var isAway = false
  private var pauses: ArraySlice<Duration> = []
  private var failingSince: ContinuousClock.Instant?

  /// Where the log's file is.
  private struct Place {
    /// The path that was given, which may be a symbolic link.
    let path: FilePath
    let file: FilePath
    let identity: FileIdentity?

    init(_ path: String) {
      self.path = FilePath(path)
      file = self.path.resolvingLinks
      identity = FileStatus(path: path)?.identity
    }

    var names: Set<String> {
      let name = file.lastComponent?.string ?? ""
      return Set(([""] + SQLiteFile.journals).map { name + $0 } + [path.lastComponent?.string ?? name])
    }

    /// Watches the folders of the file and of the link; nil when they cannot be watched.
    func watch() -> FolderWatch? { try? FolderWatch(Set([file, path].map(\.folder.string))) }
  }

  /// Opens a log, and begins to follow it after its newest event.
  ///
  /// - Parameter path: the path of a file that exists.
  /// - Throws: `EventStoreError` when the file cannot be read without writing, is not an event log, or was written by
  ///   another version, whose schema differs.
  public init(path: String) throws(EventStoreError) {
    self.path = path
    place = Place(path)
    // Whatever happens after the first look is noticed.
    watch = place.watch()
    log = try ReadOnlyLog(path: path)
    let state = try log.readPage(Self.newestQuery, of: Event.self).state
    (logID, newest) = (state.logID, state.newest)
    log.release()
  }

  /// Reads the newest events that match a filter, of those that the log had when it was opened.
  ///
  /// - Parameters:
  ///   - count: the most events.
  ///   - filter: the filter.
  /// - Returns: the events in the order of recording.
  /// - Throws: `EventStoreError`.
  public func newestEvents(_ count: Int, matching filter: EventCondition) throws(EventStoreError) -> [Event] {
    guard count > 0, let newest else { return [] }
    var query = Self.newestQuery
    (query.filter, query.lastID) = (filter, newest.id)
    var events: [Event] = []
    while events.count < count {
      query.limit = count - events.count
      let page = try whileOpen { log throws(EventStoreError) in try log.readPage(query, of: Event.self) }
      events += page.events
      guard let next = page.next else { break }
      query = next
      query.lastID = newest.id
    }
    return events.reversed()
  }

  /// Looks whether something was recorded.
  ///
  /// - Parameter filter: the filter.
  /// - Returns: what was found; nil when `wait(whileOpen:)` is to be called first.
  /// - Throws: `EventStoreError` when the log cannot be read and that does not pass.
  public func next(matching filter: EventCondition) throws(EventStoreError) -> News? {
    do throws(EventStoreError) {
      let news = try look(filter)
      failingSince = nil
      return news
    } catch {
      let since = failingSince ?? .now
      if .now - since > Self.patience { throw error }
      (failingSince, stamp, pauses) = (since, nil, Self.pauses.suffix(4))
      return nil
    }
  }

  /// Waits until something may have happened to the log.
  ///
  /// - Parameter output: the descriptor to which the events are written.
  /// - Returns: false when nobody reads the output any longer.
  public func wait(whileOpen output: FileDescriptor) -> Bool {
    let absent = isAway || watch == nil ? (isAway ? Self.absentInterval : Self.interval) : nil
    let duration = [pauses.first, absent].compactMap(\.self).min()
    let end = duration.map { ContinuousClock.now + $0 }
    while true {
      switch output.wait(untilReadable: watch?.descriptor, for: end.map { $0 - .now }) {
      case .readable:
        // Each look, even that of another process, touches the file that it reads, which is none of these.
        guard watch?.takeChanges(of: place.names) == true else { continue }
        usleep(Self.settlingTime)
        pauses = Self.pauses[...]
      case .timedOut: pauses = pauses.dropFirst()
      case .outputClosed: return false
      }
      return true
    }
  }

  private func look(_ filter: EventCondition) throws(EventStoreError) -> News? {
    let current = Place(path)
    guard let identity = current.identity else { return leave() }
    if identity != place.identity { return takeUp(current) }
    if isAway {
      isAway = false
      rewatch()
      return .back
    }
    let stamp = LogStamp(place.file.string)
    if stamp == self.stamp { return nil }
    var query = EventQuery()
    (query.filter, query.after) = (filter, newest?.id)
    let page = try whileOpen { log throws(EventStoreError) in try log.readPage(query, of: Event.self) }
    // Another file may have come between the two.
    if Place(path).identity != identity { return nil }
    if page.state.logID != logID { return takeUp(current) }
    if page.next == nil {
      (self.stamp, newest) = (stamp.isSettled ? stamp : nil, page.state.newest ?? newest)
    } else {
      self.stamp = nil
      newest = page.events.last.map { LogState.Newest(id: $0.id, timestamp: $0.timestamp) }
    }
    return page.events.isEmpty ? nil : .events(page.events)
  }

  private func leave() -> News? {
    stamp = nil
    if isAway { return nil }
    isAway = true
    return .away
  }

  /// Goes on with another log. It may be new, or a backup, which has events that were there before.
  private func takeUp(_ place: Place) -> News? {
    let other: ReadOnlyLog
    let page: EventPage<Event>
    var query = Self.newestQuery
    if let newest { query.filter = .until(Timestamp(milliseconds: newest.timestamp.milliseconds + 1)) }
    do throws(EventStoreError) {
      other = try ReadOnlyLog(path: path)
      page = try other.readPage(query, of: Event.self)
      other.release()
    } catch {
      // It may still be on its way.
      return leave()
    }
    if Place(path).identity != place.identity { return leave() }
    let known = newest == nil ? nil : page.events.first
    newest = known.map { LogState.Newest(id: $0.id, timestamp: $0.timestamp) }
    (self.place, log, logID, stamp, isAway) = (place, other, page.state.logID, nil, false)
    rewatch()
    return .another
  }

  private static var newestQuery: EventQuery {
    var query = EventQuery()
    (query.order, query.limit) = (.descending, 1)
    return query
  }

  /// The folder may be another one by now.
  private func rewatch() { watch = place.watch() }

  private func whileOpen<Value>(
    _ body: (ReadOnlyLog) throws(EventStoreError) -> Value
  ) throws(EventStoreError) -> Value {
    defer { log.release() }
    return try body(log)
  }
}
