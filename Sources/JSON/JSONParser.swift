import Text

/// A recursive descent parser over the bytes of one text; `position` is the offset of the next unread byte.
struct JSONParser {
  let text: [UInt8]
  var position = 0

  init(text: [UInt8]) {
    self.text = text
  }

  mutating func wholeText() throws(JSONSyntaxError) -> JSONValue {
    let value = try self.value(depth: 0)
    skipWhitespace()
    guard position == text.count else { throw error("unexpected text after the value") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
    skipWhitespace()
    guard let byte = next else { throw error("expected a value but found the end") }
    switch byte {
    case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    default: throw error("expected a value")
    }
  }

  private mutating func members(depth: Int) throws(JSONSyntaxError) -> [JSONMember] {
    try open(depth: depth)
    var members: [JSONMember] = []
    var names = MemberNames()
    if close(UInt8(ascii: "}")) { return members }
    repeat {
      skipWhitespace()
      let start = position
      guard next == UInt8(ascii: "\"") else { throw error("expected a member name in quotes") }
      let name = Text(try string())
      guard names.insert(name, after: members) else {
        throw JSONSyntaxError(offset: start, reason: "the member \"\(name.abridged)\" is given twice")
      }
      skipWhitespace()
      guard take(UInt8(ascii: ":")) else { throw error("expected a colon after the member name") }
      members.append(JSONMember(name: name, value: try value(depth: depth)))
      skipWhitespace()
    } while take(UInt8(ascii: ","))
    guard close(UInt8(ascii: "}")) else { throw error("expected a comma or the end of the object") }
    return members
  }

  private mutating func elements(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
    try open(depth: depth)
    var elements: [JSONValue] = []
    if close(UInt8(ascii: "]")) { return elements }
    repeat {
      elements.append(try value(depth: depth))
      skipWhitespace()
    } while take(UInt8(ascii: ","))
    guard close(UInt8(ascii: "]")) else { throw error("expected a comma or the end of the array") }
    return elements
  }

  private mutating func open(depth: Int) throws(JSONSyntaxError) {
    guard depth <= JSONValue.maximumDepth else {
      throw error("nested deeper than \(JSONValue.maximumDepth) levels")
    }
    position += 1
  }

  private mutating func close(_ byte: UInt8) -> Bool {
    skipWhitespace()
    return take(byte)
  }

  /// Reads a string (RFC 8259 section 7). The text between escapes is copied in runs.
  private mutating func string() throws(JSONSyntaxError) -> String {
    let start = position
    position += 1
    var bytes: [UInt8] = []
    var run = position
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        let end = position
        position += 1
        let string: String?
        if bytes.isEmpty {
          string = String(utf8: text.span.extracting(run..<end))
        } else {
          bytes += text[run..<end]
          string = String(utf8: bytes.span)
        }
        guard let string else {
          throw JSONSyntaxError(offset: start, reason: "the string is not valid UTF-8")
        }
        return string
      case UInt8(ascii: "\\"):
        bytes += text[run..<position]
        bytes += try escape()
        run = position
      case 0..<0x20:
        throw error("a control character inside a string must be escaped")
      default:
        position += 1
      }
    }
    throw JSONSyntaxError(offset: start, reason: "the string is not terminated")
  }

  private mutating func escape() throws(JSONSyntaxError) -> [UInt8] {
    let start = position
    position += 1
    let byte = next
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte ?? 0]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      let scalar = try escapedScalar(start: start)
      return Array(String(scalar).utf8)
    default:
      throw JSONSyntaxError(offset: start, reason: "unknown escape sequence")
    }
  }

  /// Reads the scalar that `\uXXXX` denotes, or that a surrogate pair of two such escapes denotes.
  private mutating func escapedScalar(start: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
    let first = try hexadecimalQuad()
    if let scalar = Unicode.Scalar(first) { return scalar }
    if first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
      let second = try hexadecimalQuad()
      if (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    throw JSONSyntaxError(offset: start, reason: "unpaired surrogate")
  }

  private mutating func hexadecimalQuad() throws(JSONSyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch next {
      case (let byte?) where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte):
        digit = byte - UInt8(ascii: "0")
      case (let byte?) where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20):
        digit = byte | 0x20 - UInt8(ascii: "a") + 10
      default: throw error("expected four hexadecimal digits")
      }
      value = value << 4 + UInt32(digit)
      position += 1
    }
    return value
  }

  /// Reads a number (RFC 8259 section 6).
  private mutating func number() throws(JSONSyntaxError) -> String {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(JSONSyntaxError) {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw error("expected a digit") }
  }

  private mutating func literal(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONSyntaxError) -> JSONValue {
    guard text[position...].starts(with: word.description.utf8) else { throw error("expected a value") }
    position += word.utf8CodeUnitCount
    return value
  }

  private var next: UInt8? {
    position < text.count ? text[position] : nil
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipWhitespace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private func error(_ reason: String) -> JSONSyntaxError {
    JSONSyntaxError(offset: position, reason: reason)
  }
}
