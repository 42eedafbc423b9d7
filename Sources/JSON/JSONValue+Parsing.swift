extension JSONValue {
  /// The deepest nesting of arrays and objects that is accepted.
  static let maximumDepth = 64

  /// Parses one JSON text.
  ///
  /// The grammar is that of RFC 8259, in UTF-8 without a byte order mark, with the restrictions of
  /// I-JSON (RFC 7493): no lone surrogates and no member name twice in one object. Arrays and objects
  /// nest at most 64 deep.
  ///
  /// - Parameter text: the bytes of the whole text.
  /// - Throws: `JSONSyntaxError` with the place of the first error.
  public init(parsing text: some Sequence<UInt8>) throws(JSONSyntaxError) {
    var parser = JSONParser(text: Array(text))
    self = try parser.wholeText()
  }
}
