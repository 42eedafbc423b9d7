public import Text

/// A value in a JSON text (RFC 8259).
///
/// Numbers keep the digits they were written with, and objects keep the order of their members. A text
/// that is parsed and written again is therefore the same, digit for digit, except for white space and escapes.
public enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// The number's text, in the grammar of RFC 8259 section 6.
  case number(String)
  case string(String)
  case array([JSONValue])
  /// The members in the order of the text; their names are distinct.
  case object([JSONMember])

  public static func number(_ number: Int) -> JSONValue { .number(String(number)) }

  /// The value of an object's member; nil when the object has no such member, or when this value is not an object.
  public subscript(name: Text) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The kind of the value, with its article, for an error message: "a string", "an object".
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

/// A name and its value in a JSON object (RFC 8259 section 4).
public struct JSONMember: Equatable, Sendable {
  public let name: Text
  public let value: JSONValue

  public init(name: Text, value: JSONValue) {
    self.name = name
    self.value = value
  }
}
