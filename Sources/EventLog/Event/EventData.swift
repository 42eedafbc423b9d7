public import JSON

/// The structured facts of an event: a JSON object, kept as text.
///
/// Numbers keep their digits, and members keep their order; only white space between tokens is lost.
public struct EventData: Hashable, Sendable {
  /// The maximum size of `json` in bytes of UTF-8: 16 KiB.
  public static let maximumSize = 16_384

  /// The object as JSON text on a single line.
  public let json: String

  /// Creates data from a parsed JSON value.
  ///
  /// - Parameter value: the parsed value.
  /// - Throws: `InvalidMember` at `/data` when the value is not an object or its text is too long.
  public init(_ value: JSONValue) throws(InvalidMember) {
    guard case .object = value else {
      throw InvalidMember(pointer: "/data", detail: "must be a JSON object, not \(value.kind)")
    }
    var text: [UInt8] = []
    text.appendJSON(value)
    guard text.count <= Self.maximumSize else {
      throw InvalidMember(
        pointer: "/data", detail: "must be at most \(Self.maximumSize) bytes, not \(text.count)")
    }
    json = String(decoding: text, as: UTF8.self)
  }

  /// Creates data from a JSON text.
  ///
  /// - Parameter text: the JSON text, such as the content of a form field.
  /// - Throws: `InvalidMember` at `/data` when the text is not JSON, is not an object, or is too long.
  public init(parsing text: String) throws(InvalidMember) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: text.utf8)
    } catch {
      throw InvalidMember(pointer: "/data", detail: "is not JSON: \(error.reason) at byte \(error.offset)")
    }
    try self.init(value)
  }

  /// Creates data from stored text, which is not checked again.
  ///
  /// - Parameter trusted: an earlier value of `json`, read back from a store.
  public init(stored trusted: String) {
    json = trusted
  }
}
