import EventLog
import EventLogFormats

/// Finds out whether the entries of a file can be imported, one after the other.
struct ImportCheck {
  /// Whether ids and timestamps can be kept: the log is empty, and the first entry has them.
  private(set) var canKeepIDs: Bool
  private(set) var validCount = 0
  private(set) var invalidCount = 0
  /// The first of what is wrong, each with its line.
  private(set) var complaints: [String] = []
  private var lastID: EventID?
  private var isFirst = true

  private static let maximumComplaints = 20

  init(keepsIDs: Bool) {
    canKeepIDs = keepsIDs
  }

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
      return "it has no id or no timestamp, and the first event has both"
    }
    if let lastID, id <= lastID { return "the id \(id) is not above \(lastID), which comes before it" }
    return nil
  }
}
