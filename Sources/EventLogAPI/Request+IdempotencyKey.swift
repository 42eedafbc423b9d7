import EventLog
import EventLogAccess
public import HTTPCore
import HTTPTypes
public import Text

extension Request {
  /// The name of the form field that does for a page what the field `Idempotency-Key` does for a program.
  public static let idempotencyField: Text = "idempotency_key"
  /// The names of a form's fields that are no members of an event.
  public var fieldsBesideMembers: [Text] {
    visitor.means == .session ? [Self.idempotencyField, FormToken.field] : [Self.idempotencyField]
  }
  /// The largest size of the value of that form field, in bytes.
  private static let maximumFormKeySize = 64

  /// Reads the field `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header section 2): a string in quotes, as the
  /// draft has it, or the same without quotes, as many clients send it.
  ///
  /// - Parameter part: the number of the part of the request that the key is for.
  /// - Returns: the key, with a digest of what the request asks for; nil when the field is missing.
  /// - Throws: 400 when the field is not a key, or was sent with different values.
  func idempotencyKey(ofPart part: Int = 0) throws(ProblemDetails) -> IdempotencyKey? {
    guard let value = try single(.idempotencyKey) else { return nil }
    guard let text = value.trimmingBlanks.unquoted, let key = IdempotencyKey(text, content: contentDigest)
    else {
      throw ProblemDetails(
        .malformedRequest,
        detail: """
          The Idempotency-Key must be 1 to \(IdempotencyKey.maximumSize) bytes, with or without quotes around them.
          """)
    }
    return part == 0 ? key : key.part(part)
  }

  /// Reads the key of a form, which is a hidden field. It stands for one content: what people have changed is another event.
  ///
  /// - Parameter form: the fields of the form.
  /// - Returns: the key; nil when there is none.
  func idempotencyKey(ofForm form: [(name: Text, value: Text)]) -> IdempotencyKey? {
    guard let value = form.first(where: { $0.name == Self.idempotencyField })?.value,
      (1...Self.maximumFormKeySize).contains(value.utf8.count)
    else { return nil }
    let content = contentDigest
    let hexadecimal = content.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    return IdempotencyKey(Text("form \(value.string) \(hexadecimal)"), content: content)
  }

  /// The digest of what the request asks for: its path and query, media type and content.
  private var contentDigest: [UInt8] {
    let head = ["\(target)", mediaType.map { "\($0.type)/\($0.subtype)" } ?? ""].joined(separator: "\n")
    return SHA256.digest([Array(head.utf8), [0], body])
  }
}

extension Text {
  /// The content of a string in quotes, in which a backslash precedes a quotation mark or a backslash (RFC 8941 section
  /// 3.3.3), or the text itself if it has no quotes; nil when the quotes do not match.
  fileprivate var unquoted: Text? {
    let bytes = Array(utf8)
    let quote = UInt8(ascii: "\"")
    guard bytes.first == quote else { return bytes.contains(quote) ? nil : self }
    var content: [UInt8] = []
    var rest = bytes.dropFirst()
    while let byte = rest.popFirst() {
      if byte == quote { return rest.isEmpty ? Text(utf8: content.span) : nil }
      if byte == UInt8(ascii: "\\") {
        guard let escaped = rest.popFirst(), escaped == quote || escaped == byte else { return nil }
        content.append(escaped)
      } else {
        content.append(byte)
      }
    }
    return nil
  }
}
