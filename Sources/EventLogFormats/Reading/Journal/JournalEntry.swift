public import EventLog
import JSON
public import Text

/// An entry of the systemd journal in its JSON format, as `journalctl -o json` writes it
/// (systemd.io/JOURNAL_EXPORT_FORMATS, "Journal JSON Format").
public struct JournalEntry: Sendable {
  /// The cursor, by which journalctl finds the entry again.
  public let cursor: Text
  public let place: JournalPlace
  private let fields: [JSONMember]

  /// The priority up to which an entry is an error: err (RFC 5424).
  private static let errorPriority = 3
  /// The fields that are members of the event, or that say nothing that others do not say.
  private static let usedFields: Set<Text> = [
    "MESSAGE", "SYSLOG_IDENTIFIER", "SYSLOG_RAW", "SYSLOG_TIMESTAMP", "SYSLOG_PID",
  ]
  /// Those of the fields that journald adds which tell something about an event.
  private static let trustedFields: Set<Text> = [
    "_SYSTEMD_UNIT", "_SYSTEMD_USER_UNIT", "_COMM", "_PID", "_UID", "_HOSTNAME",
  ]

  /// - Parameter line: the text of a JSON object.
  /// - Throws: `InvalidEntry` when the text is not an entry with a cursor.
  public init(parsing line: [UInt8]) throws(InvalidEntry) {
    let json: JSONValue
    do { json = try JSONValue(parsing: line) } catch {
      throw InvalidEntry("it is not JSON: \(error.reason), at byte \(error.offset)")
    }
    guard case .object(let fields) = json else { throw InvalidEntry("it is \(json.kind), not an object") }
    guard case .string(let cursor)? = json["__CURSOR"], let place = JournalPlace(cursor: Text(cursor)) else {
      throw InvalidEntry("it has no __CURSOR with a sequence number; journalctl -o json writes one")
    }
    self.cursor = Text(cursor)
    self.place = place
    self.fields = fields
  }

  /// Makes an event of the entry.
  ///
  /// The identifier, the unit or the command is the source. What else tells something is in `data`, with the journal's own
  /// names.
  ///
  /// - Parameter defaults: the type, which otherwise follows from the priority, and the source of entries that name none.
  /// - Returns: the event.
  /// - Throws: `InvalidEntry` when the entry cannot be an event.
  public func draft(_ defaults: EventDefaults) throws(InvalidEntry) -> EventDraft {
    var cut: [String] = []
    // What this program itself says on standard error has the name of the log's own source there, and a unit.
    let named = ["SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT", "_SYSTEMD_USER_UNIT", "_COMM"].lazy
      .compactMap { text(Text($0)) }
      .first { !Text($0).isBlank && Text($0).trimmed != Text(EventDraft.ownSource) }
    var draft = EventDraftFields()
    let priority = text("PRIORITY").flatMap { Int($0) }
    let type = defaults.type ?? (priority.map { $0 <= Self.errorPriority } == true ? .error : .info)
    draft.type = Text(type.rawValue)
    draft.source = EventDraft.name(named, "source", &cut) ?? defaults.source ?? "journal"
    draft.message = EventDraft.message(text("MESSAGE"), &cut) ?? "(no message)"
    draft.occurredAt = text("__REALTIME_TIMESTAMP").flatMap { Int64($0) }
      .map { Timestamp(milliseconds: $0 / 1000) }
    var data = BoundedData(cut: cut)
    data.add(fields.filter { Self.tellsSomething($0.name) })
    draft.data = data.data
    do { return try EventDraft(draft) } catch { throw InvalidEntry(error) }
  }

  private static func tellsSomething(_ name: Text) -> Bool {
    name.utf8.first == UInt8(ascii: "_") ? trustedFields.contains(name) : !usedFields.contains(name)
  }

  /// Returns the value of a field as text. The journal writes what is not UTF-8 as a list of bytes, and a field that an entry
  /// has several times as a list of its values, of which the first counts.
  private func text(_ name: Text) -> String? {
    switch fields.first(where: { $0.name == name })?.value {
    case .string(let text): return text
    case .array(let elements):
      if case .string(let text)? = elements.first { return text }
      let bytes = elements.compactMap { element -> UInt8? in
        if case .number(let digits) = element { UInt8(digits) } else { nil }
      }
      return bytes.count == elements.count ? String(decoding: bytes, as: UTF8.self) : nil
    default: return nil
    }
  }
}
