import FoundationEssentials
import JSON
import Text

/// Reads log records in the binary encoding (opentelemetry/proto/collector/logs/v1, logs/v1, common/v1). Fields that are not
/// known are skipped, as the encoding requires.
enum OTLPProtobuf {
  /// The deepest value that is read. Its text is well within what JSON may have.
  private static let maximumDepth = 32

  /// Calls a closure with each log record.
  ///
  /// - Parameters:
  ///   - content: an `ExportLogsServiceRequest`.
  ///   - body: receives the log records in their order.
  /// - Throws: `InvalidOTLP` when the bytes are no such message, or what `body` throws.
  static func forEachRecord(
    _ content: [UInt8], _ body: (OTLPLogRecord) throws(InvalidOTLP) -> Void
  ) throws(InvalidOTLP) {
    try forEachMessage(1, in: content[...]) { resourceLogs throws(InvalidOTLP) in
      var origin = OTLPLogRecord.Origin()
      try forEachMessage(1, in: resourceLogs) { resource throws(InvalidOTLP) in
        origin.resource += try attributes(1, of: resource)
      }
      try forEachMessage(2, in: resourceLogs) { scopeLogs throws(InvalidOTLP) in
        var origin = origin
        try forEachMessage(1, in: scopeLogs) { scope throws(InvalidOTLP) in try read(scope, into: &origin) }
        try forEachMessage(2, in: scopeLogs) { message throws(InvalidOTLP) in
          try body(try record(message, origin))
        }
      }
    }
  }

  private static func forEachMessage(
    _ wanted: UInt64, in message: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) throws(InvalidOTLP) -> Void
  ) throws(InvalidOTLP) {
    var reader = ProtobufReader(message)
    while let (number, value) = try reader.next() {
      if number == wanted, case .bytes(let bytes) = value { try body(bytes) }
    }
  }

  private static func read(
    _ scope: ArraySlice<UInt8>, into origin: inout OTLPLogRecord.Origin
  ) throws(InvalidOTLP) {
    var reader = ProtobufReader(scope)
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (1, .bytes(let bytes)): origin.scopeName = string(bytes)
      case (2, .bytes(let bytes)): origin.scopeVersion = string(bytes)
      case (3, .bytes(let bytes)): origin.scopeAttributes.append(try attribute(bytes, depth: 1))
      default: break
      }
    }
  }

  private static func record(
    _ message: ArraySlice<UInt8>, _ origin: OTLPLogRecord.Origin
  ) throws(InvalidOTLP) -> OTLPLogRecord {
    var record = OTLPLogRecord(origin)
    var reader = ProtobufReader(message)
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (1, .fixed64(let time)): record.time = time
      case (2, .integer(let severity)): record.severityNumber = Int64(bitPattern: severity)
      case (3, .bytes(let bytes)): record.severityText = string(bytes)
      case (5, .bytes(let bytes)): record.body = try self.value(bytes, depth: 1)
      case (6, .bytes(let bytes)): record.attributes.append(try attribute(bytes, depth: 1))
      case (7, .integer(let count)): record.droppedAttributesCount = count
      case (8, .fixed32(let flags)): record.flags = flags
      case (9, .bytes(let bytes)): record.traceID = OTLPLogs.hexadecimal(bytes)
      case (10, .bytes(let bytes)): record.spanID = OTLPLogs.hexadecimal(bytes)
      case (11, .fixed64(let time)): record.observedTime = time
      case (12, .bytes(let bytes)): record.eventName = string(bytes)
      default: break
      }
    }
    return record
  }

  private static func attributes(
    _ wanted: UInt64, of message: ArraySlice<UInt8>, depth: Int = 1
  ) throws(InvalidOTLP) -> [JSONMember] {
    var attributes: [JSONMember] = []
    try forEachMessage(wanted, in: message) { bytes throws(InvalidOTLP) in
      attributes.append(try attribute(bytes, depth: depth))
    }
    return attributes
  }

  /// Reads a `KeyValue`.
  private static func attribute(_ message: ArraySlice<UInt8>, depth: Int) throws(InvalidOTLP) -> JSONMember {
    var name = ""
    var content = JSONValue.null
    var reader = ProtobufReader(message)
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (1, .bytes(let bytes)): name = string(bytes)
      case (2, .bytes(let bytes)): content = try self.value(bytes, depth: depth)
      default: break
      }
    }
    return JSONMember(name: Text(name), value: content)
  }

  /// Reads an `AnyValue`, which is null when it has no value.
  private static func value(_ message: ArraySlice<UInt8>, depth: Int) throws(InvalidOTLP) -> JSONValue {
    guard depth <= maximumDepth else {
      throw .malformed("a value is nested deeper than \(maximumDepth) levels")
    }
    var content = JSONValue.null
    var reader = ProtobufReader(message)
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (1, .bytes(let bytes)): content = .string(string(bytes))
      case (2, .integer(let bool)): content = .bool(bool != 0)
      case (3, .integer(let integer)): content = .number(String(Int64(bitPattern: integer)))
      case (4, .fixed64(let bits)): content = OTLPLogs.number(Double(bitPattern: bits))
      case (5, .bytes(let list)):
        var elements: [JSONValue] = []
        try forEachMessage(1, in: list) { bytes throws(InvalidOTLP) in
          elements.append(try self.value(bytes, depth: depth + 1))
        }
        content = .array(elements)
      case (6, .bytes(let list)):
        content = .object(OTLPLogs.distinct(try attributes(1, of: list, depth: depth + 1)))
      case (7, .bytes(let bytes)): content = .string(Data(bytes).base64EncodedString())
      default: break
      }
    }
    return content
  }

  /// Reads a string. What is not UTF-8 is replaced, since the rest of the request is not less useful for it.
  private static func string(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
