public import Text

/// The name of a saved view: a short text that is a segment of an address, `/views/NAME`, as it is or percent-encoded.
public struct ViewName: Hashable, Comparable, Sendable {
  /// The maximum length in characters (Unicode scalar values).
  public static let maximumLength = 64

  public let text: Text

  /// Reads a name.
  ///
  /// - Parameter text: 1 to 64 characters without control characters, white space at the ends, slashes, and a dot at the start: web servers
  ///   resolve `.` and `..`, and many refuse an address with a slash that is encoded, or a file that is hidden.
  /// - Throws: `InvalidMember` at `/name`.
  public init(_ text: Text) throws(InvalidMember) {
    func invalid(_ detail: String) -> InvalidMember { InvalidMember(pointer: "/name", detail: detail) }
    let length = text.unicodeScalars.count
    guard !text.isBlank else { throw invalid("must not be blank") }
    guard length <= Self.maximumLength else {
      throw invalid("must be at most \(Self.maximumLength) characters, not \(length)")
    }
    guard !text.string.hasControlCharacter() else { throw invalid("must not contain control characters") }
    guard text == text.trimmed else { throw invalid("must not begin or end with white space") }
    guard !text.contains(UInt8(ascii: "/")), text.utf8.first != UInt8(ascii: ".") else {
      throw invalid("must not contain a slash or begin with a dot")
    }
    self.text = text
  }

  /// Creates a name from a text that was one before, and is not checked again.
  public init(stored text: Text) {
    self.text = text
  }

  public static func < (left: ViewName, right: ViewName) -> Bool { left.text < right.text }
}
