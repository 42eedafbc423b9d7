import JSON
import Text

/// What both encodings have in common.
extension OTLPLogs {
  /// Writes an id in lower-case hexadecimal. An id of zeros only is not one.
  static func hexadecimal(_ bytes: some Collection<UInt8>) -> String {
    if bytes.allSatisfy({ $0 == 0 }) { return "" }
    return bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// Returns a number as JSON has it. JSON has no infinite numbers, and nothing that is not a number; these are strings.
  static func number(_ number: Double) -> JSONValue {
    if number.isNaN { return .string("NaN") }
    if number.isInfinite { return .string(number < 0 ? "-Infinity" : "Infinity") }
    return .number(Int64(exactly: number).map(String.init) ?? number.description)
  }

  /// Returns the first of the members with each name: those of an object must be distinct.
  static func distinct(_ members: [JSONMember]) -> [JSONMember] {
    var names: Set<Text> = []
    return members.filter { names.insert($0.name).inserted }
  }
}
