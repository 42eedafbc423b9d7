import HTTPCore
import HTTPTypes

/// The head of a response in the form that CGI and FastCGI share (RFC 3875 section 6.3).
enum ResponseHead {
  /// Writes the head of a response.
  ///
  /// - Returns: the fields up to and including the empty line that ends them. `Status` comes first, or after `Location`:
  ///   HAProxy makes a redirect of every response that has them in the opposite order.
  static func bytes(of response: Response, requestID: String) -> [UInt8] {
    var head: [UInt8] = []
    head.reserveCapacity(256)
    for field in response.fields where field.name == .location { head.append(field) }
    head.append("Status", "\(response.status.code) \(response.status.reasonPhrase)")
    for field in response.fields where field.name != .location { head.append(field) }
    if let length = response.contentLength { head.append("Content-Length", String(length)) }
    head.append("X-Request-Id", requestID)
    head.append("\r\n")
    return head
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ field: HTTPField) {
    append(field.name.rawName, field.value)
  }

  fileprivate mutating func append(_ name: String, _ value: String) {
    append(name)
    append(": ")
    append(value)
    append("\r\n")
  }

  fileprivate mutating func append(_ text: String) {
    text.utf8Span.span.withUnsafeBufferPointer { append(contentsOf: $0) }
  }
}

extension Response {
  /// The content's length in bytes; nil if it is unknown or if there is no content (RFC 9110 section 8.6).
  fileprivate var contentLength: Int? {
    if status == .noContent || status == .notModified { return nil }
    switch body {
    case .bytes(let bytes): return bytes.count
    case .omitted(let length): return length
    case .stream: return nil
    }
  }
}
