public import JSON

/// The structured facts of an event: a JSON object, kept as text.
///
/// Numbers keep their digits and members their order; only white space between tokens is not kept.
public struct EventData: Hashable, Sendable {
  /// The largest size in bytes of `json`: 16 KiB.
  public static let maximumSize = 16_384

  /// The object on one line, in UTF-8.
  public let json: String

  /// - Parameter value: a parsed JSON value.
  /// - Throws: `InvalidMember` at `/data` when it is not an object, or its text is too long.
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

  /// - Parameter text: a JSON text, as it stands in a form field.
  /// - Throws: `InvalidMember` at `/data` when it is not JSON, not an object, or too long.
  public init(parsing text: String) throws(InvalidMember) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: text.utf8)
    } catch {
      throw InvalidMember(pointer: "/data", detail: "is not JSON: \(error.reason) at byte \(error.offset)")
    }
    try self.init(value)
  }

  /// - Parameter trusted: what `json` gave before, read back from a store.
  public init(stored trusted: String) {
    json = trusted
  }
}
