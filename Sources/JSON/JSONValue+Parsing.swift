extension JSONValue {
  /// The maximum depth to which arrays and objects may be nested.
  static let maximumDepth = 64

  /// Parses one JSON text.
  ///
  /// The grammar is that of RFC 8259, in UTF-8 without a byte order mark, with the restrictions of
  /// I-JSON (RFC 7493): surrogates must be paired, and member names must be unique within an object.
  /// Arrays and objects may be nested at most 64 deep.
  ///
  /// - Parameter text: the bytes of the whole text.
  /// - Throws: `JSONSyntaxError` with the offset of the first error.
  public init(parsing text: some Sequence<UInt8>) throws(JSONSyntaxError) {
    var parser = JSONParser(text: Array(text))
    self = try parser.wholeText()
  }
}
