extension JSONScanner {
  /// The deepest value that is ordinary. It is well within `JSONValue.maximumDepth`, wherever the text is a part of another.
  private static let maximumDepth = 16
  /// The largest number of members of an ordinary object: each name is compared with all before it.
  private static let maximumMembers = 24

  /// Reads white space and any value, and appends it on a single line, without white space between its tokens, as
  /// `appendJSON(_:)` would write it.
  ///
  /// - Parameter compact: receives the value; after a failure, any part of it. Strings are not checked to be UTF-8.
  /// - Returns: whether an ordinary value was there, in which no string has an escape or a control character.
  public mutating func appendValue(to compact: inout [UInt8]) -> Bool {
    appendValue(to: &compact, depth: 1)
  }

  private mutating func appendValue(to compact: inout [UInt8], depth: Int) -> Bool {
    skipWhitespace()
    guard let byte = next, depth <= Self.maximumDepth else { return false }
    let start = position
    switch byte {
    case UInt8(ascii: "{"): return appendMembers(to: &compact, depth: depth)
    case UInt8(ascii: "["):
      return appendList(to: &compact, "[", "]") { scanner, compact in
        scanner.appendValue(to: &compact, depth: depth + 1)
      }
    case UInt8(ascii: "\""): return appendString(to: &compact) != nil
    case UInt8(ascii: "t"): guard takeWord("true") else { return false }
    case UInt8(ascii: "f"): guard takeWord("false") else { return false }
    case UInt8(ascii: "n"): guard takeWord("null") else { return false }
    default: guard takeNumber() else { return false }
    }
    compact.append(contentsOf: text[start..<position])
    return true
  }

  /// Reads white space and any value, and passes on each string, number, boolean and null in it.
  ///
  /// - Parameter body: receives the names of the members that lead to the scalar, through lists too, and the scalar.
  /// - Returns: whether an ordinary value was there. Otherwise, some of its scalars may have been passed on.
  public mutating func forEachScalar(_ body: ([JSONStringText], JSONScalarText) -> Void) -> Bool {
    var names: [JSONStringText] = []
    return forEachScalar(&names, depth: 1, body)
  }

  private mutating func forEachScalar(
    _ names: inout [JSONStringText], depth: Int, _ body: ([JSONStringText], JSONScalarText) -> Void
  ) -> Bool {
    skipWhitespace()
    guard let byte = next, depth <= Self.maximumDepth else { return false }
    let start = position
    switch byte {
    case UInt8(ascii: "{"):
      return forEachItem("{", "}") { scanner in
        guard let name = scanner.string(), scanner.take(":") else { return false }
        names.append(name)
        defer { names.removeLast() }
        return scanner.forEachScalar(&names, depth: depth + 1, body)
      }
    case UInt8(ascii: "["):
      return forEachItem("[", "]") { $0.forEachScalar(&names, depth: depth + 1, body) }
    case UInt8(ascii: "\""):
      guard let string = string() else { return false }
      body(names, .string(string))
    case UInt8(ascii: "t"):
      guard takeWord("true") else { return false }
      body(names, .bool(true))
    case UInt8(ascii: "f"):
      guard takeWord("false") else { return false }
      body(names, .bool(false))
    case UInt8(ascii: "n"):
      guard takeWord("null") else { return false }
      body(names, .null)
    default:
      guard takeNumber() else { return false }
      body(names, .number(UnsafeBufferPointer(rebasing: text[start..<position])))
    }
    return true
  }

  private mutating func forEachItem(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ item: (inout JSONScanner) -> Bool
  ) -> Bool {
    guard take(open) else { return false }
    if take(close) { return true }
    while true {
      guard item(&self) else { return false }
      if take(close) { return true }
      guard take(",") else { return false }
    }
  }

  private mutating func appendMembers(to compact: inout [UInt8], depth: Int) -> Bool {
    var names: [UnsafeBufferPointer<UInt8>] = []
    return appendList(to: &compact, "{", "}") { scanner, compact in
      guard let name = scanner.appendString(to: &compact), names.count < Self.maximumMembers,
        !names.contains(where: { $0.elementsEqual(name) }), scanner.take(":")
      else { return false }
      names.append(name)
      compact.append(UInt8(ascii: ":"))
      return scanner.appendValue(to: &compact, depth: depth + 1)
    }
  }

  private mutating func appendList(
    to compact: inout [UInt8], _ open: Unicode.Scalar, _ close: Unicode.Scalar,
    _ appendItem: (inout JSONScanner, inout [UInt8]) -> Bool
  ) -> Bool {
    var isFirst = true
    compact.append(UInt8(ascii: open))
    let isOrdinary = forEachItem(open, close) { scanner in
      if !isFirst { compact.append(UInt8(ascii: ",")) }
      isFirst = false
      return appendItem(&scanner, &compact)
    }
    compact.append(UInt8(ascii: close))
    return isOrdinary
  }

  private mutating func appendString(to compact: inout [UInt8]) -> UnsafeBufferPointer<UInt8>? {
    // DEL and C1 are written with an escape.
    guard let string = string(), !string.hasEscapes,
      string.isPrintableASCII || !string.bytes.contains(where: { $0 == 0x7F || $0 == 0xC2 })
    else { return nil }
    compact.append(UInt8(ascii: "\""))
    compact.append(contentsOf: string.bytes)
    compact.append(UInt8(ascii: "\""))
    return string.bytes
  }
}
