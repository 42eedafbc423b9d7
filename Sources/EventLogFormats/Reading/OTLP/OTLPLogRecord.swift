import JSON

/// A log record with what is known about where it comes from (OpenTelemetry's logs data model).
struct OTLPLogRecord: Sendable {
  /// What several log records have in common.
  struct Origin: Sendable {
    /// The attributes of the resource.
    var resource: [JSONMember] = []
    var scopeName = ""
    var scopeVersion = ""
    var scopeAttributes: [JSONMember] = []
  }

  var origin: Origin
  /// When it happened, in nanoseconds since 1970; 0 when that is not known.
  var time: UInt64 = 0
  /// When it was observed, in nanoseconds since 1970; 0 when that is not known.
  var observedTime: UInt64 = 0
  /// 1 (TRACE) to 24 (FATAL4); 0 when that is not known.
  var severityNumber: Int64 = 0
  var severityText = ""
  var body: JSONValue?
  var attributes: [JSONMember] = []
  var droppedAttributesCount: UInt64 = 0
  var flags: UInt32 = 0
  /// The ids in lower-case hexadecimal; empty when there are none.
  var traceID = ""
  var spanID = ""
  var eventName = ""

  init(_ origin: Origin) {
    self.origin = origin
  }
}
