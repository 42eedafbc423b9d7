import ArgumentParser
import EventLog
import EventLogFormats
import Glibc

/// Records the events of an input that has been checked, one part after the other. Between two parts, others who use the
/// log get their turn, and the import can be interrupted without losing its place.
struct ImportWriter {
  /// The maximum number of events in a part, which takes some 50 ms.
  private static let partCount = 1000
  /// The size at which a part ends, in bytes of its texts.
  private static let partSize = 1 << 20
  /// How long the log is left to others after each part, if they have recorded events in the last five seconds. That is
  /// more than SQLite waits between its first attempts to get a lock.
  private static let pause = Duration.milliseconds(30)
  private static let activity = Duration.seconds(5)

  private let log: SharedLog
  /// The digest of all events of the input.
  private let input: String
  private let beforePart: () throws -> Void
  /// How far the import has come; nil when it has not begun.
  private(set) var progress: ImportProgress?
  /// The number of events that got other ids than those that they should have kept.
  private(set) var renumbered = 0
  private var check: ImportCheck
  private var digest = ImportDigest()
  private var items: [ImportPart.Item] = []
  private var size = 0
  private var lastID: EventID?
  private var othersWroteAt: ContinuousClock.Instant?

  /// - Parameters:
  ///   - log: the log.
  ///   - input: the digest of all events of the input.
  ///   - keeping: what the events keep.
  ///   - earlier: how far the import had come when it was interrupted.
  ///   - beforePart: is called before each part is recorded, and throws to prevent that.
  init(
    to log: SharedLog, input: String, keeping: ImportProgress.Keeping, after earlier: ImportProgress?,
    beforePart: @escaping () throws -> Void
  ) {
    self.log = log
    self.input = input
    self.beforePart = beforePart
    progress = earlier
    check = ImportCheck(keeping: keeping)
  }

  /// Takes the next entry, unless it is invalid or was imported before the interruption.
  ///
  /// - Throws: what `record()` throws.
  mutating func take(_ entry: FileEntry<ImportedEvent>) throws {
    let isValid = check.take(entry)
    guard case .success(let event) = entry.content else { return }
    digest.add(event)
    guard isValid, digest.count > progress?.count ?? 0 else { return }
    size += event.draft.size
    items.append(
      ImportPart.Item(
        id: check.keeping == .idsAndTimestamps ? event.id : nil,
        timestamp: check.keeping == .nothing ? nil : event.timestamp,
        draft: check.keeping == .nothing
          ? event.draft.recorded(by: nil).occurring(at: event.timestamp) : event.draft))
    if items.count == Self.partCount || size >= Self.partSize { try record() }
  }

  /// Records the events that were taken since the last part.
  ///
  /// - Throws: `EventStoreError` when they cannot be recorded; `ExitCode` 69 (EX_UNAVAILABLE) when another process has
  ///   gone on with the import; `Interruption`; what `beforePart` throws.
  mutating func record() throws {
    if items.isEmpty { return }
    try beforePart()
    try leaveRoomForOthers()
    let after = ImportProgress(
      input: input, keeping: check.keeping, count: digest.count, digest: digest.value)
    let part = ImportPart(items, before: progress, after: after)
    guard let outcome = try log.whenFree({ try await $0.record(part) }) else {
      Exit.say("another process is importing the same events")
      throw ExitCode(EX_UNAVAILABLE)
    }
    progress = after
    lastID = outcome.lastID
    renumbered += outcome.renumbered
    items.removeAll(keepingCapacity: true)
    size = 0
  }

  /// Lets the log forget how far the import has come, because it has ended.
  ///
  /// - Throws: `EventStoreError` when the log cannot be written; `Interruption`.
  func end() throws {
    guard let progress else { return }
    try log.whenFree { try await $0.endImport(progress) }
  }

  private mutating func leaveRoomForOthers() throws {
    guard let lastID else { return }
    if try waitFor({ [store = log.store] in try await store.state().lastID }) != lastID {
      othersWroteAt = .now
    }
    if let othersWroteAt, .now - othersWroteAt < Self.activity {
      usleep(UInt32(Self.pause / .microseconds(1)))
    }
  }
}
