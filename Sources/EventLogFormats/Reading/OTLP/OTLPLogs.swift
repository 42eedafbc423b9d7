public import EventLog
import JSON

/// The log records of a request of the OpenTelemetry protocol (OTLP 1.x, `ExportLogsServiceRequest`), as events.
public struct OTLPLogs: Sendable {
  /// The two encodings of the protocol.
  public enum Encoding: Sendable {
    case protobuf
    case json
  }

  /// The most log records of a request.
  public static let maximumCount = 10_000
  /// The most reasons that are kept.
  private static let maximumReasons = 5

  /// The number of the log records that cannot be events, as far as they were looked at.
  public private(set) var rejectedCount = 0
  /// Why the first of them cannot, as sentences without their ends.
  public private(set) var reasons: [String] = []
  private var records: [OTLPLogRecord] = []
  private var index = 0
  private let defaults: EventDefaults

  /// Reads all log records.
  ///
  /// - Parameters:
  ///   - content: the request's content.
  ///   - encoding: its encoding.
  ///   - defaults: what an event has where its log record does not say it.
  /// - Throws: `InvalidOTLP` when the content is malformed, or has more than `maximumCount` log records.
  public init(_ content: [UInt8], as encoding: Encoding, defaults: EventDefaults = EventDefaults())
    throws(InvalidOTLP)
  {
    self.defaults = defaults
    var records: [OTLPLogRecord] = []
    func take(_ record: OTLPLogRecord) throws(InvalidOTLP) {
      guard records.count < Self.maximumCount else { throw .hasTooMany }
      records.append(record)
    }
    switch encoding {
    case .protobuf: try OTLPProtobuf.forEachRecord(content, take)
    case .json: try OTLPJSON.forEachRecord(content, take)
    }
    self.records = records
  }

  /// Makes events of the next log records. Those of one request may have much in common, which each event has for itself, so
  /// they are not made all at once.
  ///
  /// - Parameter size: the size that the events reach together, in bytes.
  /// - Returns: the events, of which there may be none; nil at the end.
  public mutating func nextDrafts(size: Int) -> [EventDraft]? {
    if index == records.count { return nil }
    var drafts: [EventDraft] = []
    var room = size
    while index < records.count, room > 0 {
      do throws(InvalidEvent) {
        let draft = try EventDraft(records[index], defaults)
        room -= draft.size
        drafts.append(draft)
      } catch {
        reject(index, InvalidEntry(error))
      }
      index += 1
    }
    return drafts
  }

  private mutating func reject(_ index: Int, _ reason: InvalidEntry) {
    rejectedCount += 1
    if reasons.count < Self.maximumReasons { reasons.append("log record \(index): \(reason)") }
  }
}
