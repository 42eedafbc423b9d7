public import HTTPCore
import HTTPTypes

extension Response {
  /// A 200 with a text.
  public static func text(_ text: String) -> Response {
    Response(.ok, fields: [.contentType: "text/plain"], body: .bytes(Array(text.utf8)))
  }

  /// The body as text; empty when it is not made at once.
  public var text: String {
    if case .bytes(let bytes) = body { String(decoding: bytes, as: UTF8.self) } else { "" }
  }
}
