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
    func append(_ name: String, _ value: String) {
      head += name.utf8
      head += ": ".utf8
      head += value.utf8
      head += "\r\n".utf8
    }
    if let location = response.fields[.location] { append("Location", location) }
    append("Status", "\(response.status.code) \(response.status.reasonPhrase)")
    for field in response.fields where field.name != .location { append(field.name.rawName, field.value) }
    if let length = response.contentLength { append("Content-Length", String(length)) }
    append("X-Request-Id", requestID)
    head += "\r\n".utf8
    return head
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
