import EventLog
import EventLogFormats

/// Checks, one after the other, whether the entries of a file can be imported.
struct ImportCheck {
  /// What the events keep. Those that are imported into an empty log keep what the first of them has.
  var keeping: ImportProgress.Keeping { decided ?? .nothing }
  private(set) var validCount = 0
  private(set) var invalidCount = 0
  /// Whether an event has a timestamp.
  private(set) var hasTimestamp = false
  /// Whether an event says who recorded it.
  private(set) var hasRecorder = false
  /// The line of an error after which nothing could be read; nil when the whole input was read.
  private(set) var cutLine: Int?
  /// The first complaints about invalid entries, and one that ended the reading. Each begins with the line number.
  private(set) var complaints: [String] = []
  private var decided: ImportProgress.Keeping?
  private var lastID: EventID?

  private static let maximumComplaints = 20

  /// - Parameter keeping: what the events keep; nil lets the first event decide.
  init(keeping: ImportProgress.Keeping?) {
    decided = keeping
  }

  /// Checks the next entry.
  ///
  /// - Returns: whether the entry can be imported.
  @discardableResult
  mutating func take(_ entry: FileEntry<ImportedEvent>) -> Bool {
    let complaint: String?
    switch entry.content {
    case .failure(let error):
      complaint = error.description
      if error.endsReading { cutLine = entry.line }
    case .success(let event):
      complaint = self.complaint(about: event)
      if event.timestamp != nil { hasTimestamp = true }
      if event.draft.recordedBy != nil { hasRecorder = true }
      if complaint == nil { lastID = event.id }
    }
    guard let complaint else {
      validCount += 1
      return true
    }
    invalidCount += 1
    if complaints.count < Self.maximumComplaints || cutLine != nil {
      complaints.append("\(entry.line): \(complaint)")
    }
    return false
  }

  private mutating func complaint(about event: ImportedEvent) -> String? {
    let keeping = decided ?? Self.keeping(of: event)
    decided = keeping
    switch keeping {
    case .nothing:
      // These are new events, and what the log says about itself can only be restored.
      return event.draft.source == EventDraft.ownSource
        ? "its source is reserved for what the log records about itself; only an import into an empty log restores such events"
        : nil
    case .timestamps:
      return event.timestamp == nil ? "it has no timestamp, although the first event has one" : nil
    case .idsAndTimestamps:
      guard let id = event.event?.id else {
        return "it has no id or no timestamp, although the first event has both"
      }
      if !id.leavesRoom { return "the id \(id) is too high: it would leave no room for later events" }
      if let lastID, id <= lastID { return "the id \(id) is not above \(lastID), the id before it" }
      return nil
    }
  }

  private static func keeping(of first: ImportedEvent) -> ImportProgress.Keeping {
    if first.timestamp == nil { return .nothing }
    return first.id == nil ? .timestamps : .idsAndTimestamps
  }
}
