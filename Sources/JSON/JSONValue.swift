/// One value of a JSON text (RFC 8259).
///
/// Numbers keep the digits they were written with, and objects keep the order of their members, so
/// that a text which is parsed and written again says the same thing, digit for digit.
public enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// The number's text, in the grammar of RFC 8259 section 6.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// Members in the order of the text; names are distinct.
  case object([JSONMember])

  public static func number(_ number: Int) -> JSONValue { .number(String(number)) }

  /// The value of an object's member; nil when there is none, or this is no object.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// What the value is, for an error message: "a string", "an object".
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// A name and value pair of a JSON object (RFC 8259 section 4).
public struct JSONMember: Equatable, Sendable {
  public let name: String
  public let value: JSONValue

  public init(name: String, value: JSONValue) {
    self.name = name
    self.value = value
  }
}
