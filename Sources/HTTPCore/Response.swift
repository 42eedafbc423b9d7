public import HTTPTypes

/// An HTTP response as a value (RFC 9110). Its `Content-Length` is not among the fields: whoever sends the
/// response knows it from the body.
public struct Response: Sendable {
  public enum Body: Sendable {
    case bytes([UInt8])
    /// Made while it is sent, of any length.
    case stream(BodyStream)
    /// Not sent, because the request was a HEAD; `length` in bytes where it is known.
    case omitted(length: Int?)
  }

  /// Writes a body piece by piece. It may throw after some were written; the client then learns that the body
  /// is cut.
  public typealias BodyStream = @Sendable (any BodyWriter) async throws -> Void

  public var status: HTTPResponse.Status
  public var fields: HTTPFields
  public var body: Body
  /// What went wrong, for the operator's log; never sent.
  public var cause: String?

  public init(
    _ status: HTTPResponse.Status, fields: HTTPFields = [:], body: Body = .bytes([]), cause: String? = nil
  ) {
    self.status = status
    self.fields = fields
    self.body = body
    self.cause = cause
  }

  /// The same response without its body, as HEAD asks for (RFC 9110 section 9.3.2).
  func omittingBody() -> Response {
    var response = self
    switch body {
    case .bytes(let bytes): response.body = .omitted(length: bytes.count)
    case .stream: response.body = .omitted(length: nil)
    case .omitted: break
    }
    return response
  }
}

/// Where a streamed body goes.
public protocol BodyWriter: Sendable {
  /// Sends the next bytes of the body; suspends while the peer takes no more.
  ///
  /// - Throws: when the peer is gone; nothing more can be sent then.
  func write(_ bytes: [UInt8]) async throws
}
