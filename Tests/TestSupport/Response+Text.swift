public import HTTPCore
import HTTPTypes
import Testing

extension Response {
  /// A 200 with a text.
  public static func text(_ text: String) -> Response {
    Response(.ok, fields: [.contentType: "text/plain"], body: .bytes(Array(text.utf8)))
  }

  /// The body as text; empty where it is omitted. A stream is a failed expectation, since it could hide what a test says
  /// is not in the body.
  public var text: String {
    switch body {
    case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .omitted: return ""
    case .stream:
      Issue.record("the body is streamed")
      return ""
    }
  }
}
