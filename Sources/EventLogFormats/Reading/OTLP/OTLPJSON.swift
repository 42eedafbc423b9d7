import FoundationEssentials
import JSON
import Text

/// Reads log records in the JSON encoding (OTLP specification, "JSON Protobuf Encoding"): names in lowerCamelCase, ids in
/// hexadecimal, large integers also as strings. Members that are not known are skipped, as the encoding requires.
enum OTLPJSON {
  /// Calls a closure with each log record.
  ///
  /// - Parameters:
  ///   - content: the text of an `ExportLogsServiceRequest`.
  ///   - body: receives the log records in their order.
  /// - Throws: `InvalidOTLP` when the text is no such message, or what `body` throws.
  static func forEachRecord(
    _ content: [UInt8], _ body: (OTLPLogRecord) throws(InvalidOTLP) -> Void
  ) throws(InvalidOTLP) {
    let request: JSONValue
    do { request = try JSONValue(parsing: content) } catch {
      throw .malformed("it is not JSON: \(error.reason), at byte \(error.offset)")
    }
    guard case .object = request else { throw .malformed("it is \(request.kind), not an object") }
    for resourceLogs in try request.list("resourceLogs") {
      var origin = OTLPLogRecord.Origin()
      if let resource = resourceLogs["resource"] { origin.resource = try attributes(of: resource) }
      for scopeLogs in try resourceLogs.list("scopeLogs") {
        if let scope = scopeLogs["scope"] {
          origin.scopeName = try scope.string("name")
          origin.scopeVersion = try scope.string("version")
          origin.scopeAttributes = try attributes(of: scope)
        }
        for record in try scopeLogs.list("logRecords") { try body(try self.record(record, origin)) }
      }
    }
  }

  private static func record(
    _ json: JSONValue, _ origin: OTLPLogRecord.Origin
  ) throws(InvalidOTLP) -> OTLPLogRecord {
    var record = OTLPLogRecord(origin)
    record.time = try json.integer("timeUnixNano")
    record.observedTime = try json.integer("observedTimeUnixNano")
    record.severityNumber = try json.integer("severityNumber")
    record.severityText = try json.string("severityText")
    record.body = try json.member("body").map { body throws(InvalidOTLP) in try value(body) }
    record.attributes = try attributes(of: json)
    record.droppedAttributesCount = try json.integer("droppedAttributesCount")
    record.flags = try json.integer("flags")
    record.traceID = try id("traceId", of: json)
    record.spanID = try id("spanId", of: json)
    record.eventName = try json.string("eventName")
    return record
  }

  private static func id(_ name: Text, of json: JSONValue) throws(InvalidOTLP) -> String {
    let text = try json.string(name)
    guard text.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit) else {
      throw .malformed("\(name) is not hexadecimal")
    }
    return text.utf8.allSatisfy { $0 == UInt8(ascii: "0") } ? "" : Text(text).lowercasedASCII.string
  }

  private static func attributes(of json: JSONValue) throws(InvalidOTLP) -> [JSONMember] {
    try keyValues(json.list("attributes"))
  }

  private static func keyValues(_ list: [JSONValue]) throws(InvalidOTLP) -> [JSONMember] {
    try list.map { item throws(InvalidOTLP) in
      JSONMember(name: Text(try item.string("key")), value: try item.member("value").map(value) ?? .null)
    }
  }

  /// Reads an `AnyValue`, which is null when it has no value. How deep it is has been checked by the parser.
  private static func value(_ json: JSONValue) throws(InvalidOTLP) -> JSONValue {
    guard case .object(let members) = json else { throw .malformed("a value is \(json.kind), not an object") }
    for member in members where member.value != .null {
      switch (member.name, member.value) {
      case ("stringValue", .string), ("boolValue", .bool), ("doubleValue", .number): return member.value
      case ("doubleValue", .string(let text)):
        guard let number = Double(text) else { throw .malformed("a doubleValue is not a number") }
        return OTLPLogs.number(number)
      case ("intValue", _):
        let integer: Int64 = try json.integer("intValue")
        return .number(String(integer))
      case ("bytesValue", .string(let text)):
        guard Data(base64Encoded: text) != nil else { throw .malformed("a bytesValue is not in base64") }
        return member.value
      case ("arrayValue", _):
        return .array(try member.value.list("values").map { item throws(InvalidOTLP) in try value(item) })
      case ("kvlistValue", _):
        return .object(OTLPLogs.distinct(try keyValues(member.value.list("values"))))
      case ("stringValue", _), ("boolValue", _), ("doubleValue", _), ("bytesValue", _):
        throw .malformed("a \(member.name) is \(member.value.kind)")
      default: continue
      }
    }
    return .null
  }
}

extension JSONValue {
  /// The value of a member; nil when the member is missing or null.
  fileprivate func member(_ name: Text) -> JSONValue? { self[name].flatMap { $0 == .null ? nil : $0 } }

  fileprivate func list(_ name: Text) throws(InvalidOTLP) -> [JSONValue] {
    guard let value = member(name) else { return [] }
    guard case .array(let elements) = value else {
      throw .malformed("\(name) is \(value.kind), not an array")
    }
    return elements
  }

  fileprivate func string(_ name: Text) throws(InvalidOTLP) -> String {
    guard let value = member(name) else { return "" }
    guard case .string(let string) = value else { throw .malformed("\(name) is \(value.kind), not a string") }
    return string
  }

  /// Returns an integer, which may be written as a number or as a string; 0 when it is missing.
  fileprivate func integer<Integer: FixedWidthInteger>(_ name: Text) throws(InvalidOTLP) -> Integer {
    guard let value = member(name) else { return 0 }
    let text: String? =
      switch value {
      case .number(let digits), .string(let digits): digits
      default: nil
      }
    guard let integer = text.flatMap({ Integer($0) ?? Double($0).flatMap(Integer.init(exactly:)) }) else {
      throw .malformed("\(name) is not a whole number")
    }
    return integer
  }
}
