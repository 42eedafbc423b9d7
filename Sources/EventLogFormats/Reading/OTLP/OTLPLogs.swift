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

  /// The log records that can be events, in their order.
  public private(set) var drafts: [EventDraft] = []
  /// The number of those that cannot.
  public private(set) var rejectedCount = 0
  /// Why the first of them cannot, as sentences without their ends.
  public private(set) var reasons: [String] = []

  /// Reads all log records.
  ///
  /// - Parameters:
  ///   - content: the request's content.
  ///   - encoding: its encoding.
  /// - Throws: `InvalidOTLP` when the content is malformed, or has more than `maximumCount` log records.
  public init(_ content: [UInt8], as encoding: Encoding) throws(InvalidOTLP) {
    var index = 0
    func take(_ record: OTLPLogRecord, _ logs: inout OTLPLogs) throws(InvalidOTLP) {
      guard index < Self.maximumCount else { throw .hasTooMany }
      do throws(InvalidEvent) {
        logs.drafts.append(try EventDraft(record))
      } catch {
        logs.reject(index, InvalidEntry(error))
      }
      index += 1
    }
    switch encoding {
    case .protobuf:
      try OTLPProtobuf.forEachRecord(content) { record throws(InvalidOTLP) in try take(record, &self) }
    case .json: try OTLPJSON.forEachRecord(content) { record throws(InvalidOTLP) in try take(record, &self) }
    }
  }

  private mutating func reject(_ index: Int, _ reason: InvalidEntry) {
    rejectedCount += 1
    if reasons.count < Self.maximumReasons { reasons.append("log record \(index): \(reason)") }
  }
}
