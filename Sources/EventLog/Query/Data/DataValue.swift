import JSON
public import Text

/// A string, a number, a boolean or null in an event's `data`.
public enum DataValue: Hashable, Sendable {
  case string(Text)
  /// A number in the form in which two numbers are equal when their texts are.
  case number(CanonicalNumber)
  case bool(Bool)
  case null

  /// Reads a value as it is written in a query: a JSON number, `true`, `false`, `null` or a JSON string in quotes; anything
  /// else is a string without quotes.
  public init(_ text: Text) {
    self = (try? JSONValue(parsing: text.utf8)).flatMap(DataValue.init) ?? .string(text)
  }

  /// The value of a JSON scalar; nil for an object or a list.
  init?(_ value: JSONValue) {
    switch value {
    case .string(let string): self = .string(Text(string))
    case .number(let number): self = .number(CanonicalNumber(number))
    case .bool(let bool): self = .bool(bool)
    case .null: self = .null
    case .array, .object: return nil
    }
  }

  /// The value as it is written in a query.
  public var text: Text {
    switch self {
    case .string(let string):
      if DataValue(string) == self, !string.isEmpty { return string }
      var quoted: [UInt8] = []
      quoted.appendJSON(.string(string.string))
      return Text(String(decoding: quoted, as: UTF8.self))
    case .number(let number): return Text(number.text)
    case .bool(let bool): return bool ? "true" : "false"
    case .null: return "null"
    }
  }

  /// What the key of every number starts with.
  static let numberTag: UInt8 = 3

  /// Bytes that are equal when two values are.
  var key: [UInt8] {
    switch self {
    case .null: [0]
    case .bool(let bool): [bool ? 2 : 1]
    case .number(let number): [Self.numberTag] + number.text.utf8
    case .string(let string): [4] + string.utf8
    }
  }

  /// The value that has a key; nil when none has.
  init?(key: some Collection<UInt8>) {
    let rest = Array(key.dropFirst())
    switch key.first {
    case 0: self = .null
    case 1: self = .bool(false)
    case 2: self = .bool(true)
    case Self.numberTag: self = .number(CanonicalNumber(String(decoding: rest, as: UTF8.self)))
    case 4: self = .string(Text(String(decoding: rest, as: UTF8.self)))
    default: return nil
    }
  }
}
