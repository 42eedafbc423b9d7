import JSON
import Text

extension JSONValue {
  /// The text of a string or a number; nil for any other value.
  var text: String? {
    switch self {
    case .string(let text), .number(let text): text
    default: nil
    }
  }

  var elements: [JSONValue] {
    if case .array(let elements) = self { elements } else { [] }
  }

  var members: [JSONMember] {
    if case .object(let members) = self { members } else { [] }
  }

  /// A string as it is, or any other value as JSON with one line for each outermost member or element.
  var readableText: String {
    func json(_ value: JSONValue) -> String {
      var bytes: [UInt8] = []
      bytes.appendJSON(value)
      return String(decoding: bytes, as: UTF8.self)
    }
    switch self {
    case .string(let text): return text
    case .object(let members):
      let lines = members.map { "  \(json(.string($0.name.string))): \(json($0.value))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n}"
    case .array(let elements):
      return "[\n" + elements.map { "  " + json($0) }.joined(separator: ",\n") + "\n]"
    default: return json(self)
    }
  }
}
