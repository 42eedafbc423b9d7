import EventLog
import EventLogFormats

/// Checks, one after the other, whether the entries of a file can be imported.
struct ImportCheck {
  /// Whether events can keep their ids and timestamps, as they can if the log is empty and the first entry has both.
  private(set) var canKeepIDs: Bool
  private(set) var validCount = 0
  private(set) var invalidCount = 0
  /// The first complaints about invalid entries, each of which begins with the entry's line number.
  private(set) var complaints: [String] = []
  private var lastID: EventID?
  private var isFirst = true

  private static let maximumComplaints = 20

  init(keepsIDs: Bool) {
    canKeepIDs = keepsIDs
  }

  /// Checks the next entry.
  ///
  /// - Returns: whether the entry can be imported.
  @discardableResult
  mutating func take(_ entry: FileEntry<ImportedEvent>) -> Bool {
    let complaint: String?
    switch entry.content {
    case .failure(let error): complaint = error.description
    case .success(let event):
      if isFirst { canKeepIDs = canKeepIDs && event.event != nil }
      isFirst = false
      complaint = canKeepIDs ? complaintAboutID(event) : nil
      if complaint == nil { lastID = event.id }
    }
    guard let complaint else {
      validCount += 1
      return true
    }
    invalidCount += 1
    if complaints.count < Self.maximumComplaints { complaints.append("\(entry.line): \(complaint)") }
    return false
  }

  private func complaintAboutID(_ event: ImportedEvent) -> String? {
    guard let id = event.event?.id else {
      return "it has no id or no timestamp, although the first event has both"
    }
    if !id.leavesRoom { return "the id \(id) is too high: it would leave no room for later events" }
    if let lastID, id <= lastID { return "the id \(id) is not above \(lastID), the id before it" }
    return nil
  }
}
