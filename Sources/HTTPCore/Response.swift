public import HTTPTypes

/// An HTTP response as a value (RFC 9110). `Content-Length` is not among its fields, because the code that sends the
/// response derives it from the body.
public struct Response: Sendable {
  public enum Body: Sendable {
    case bytes([UInt8])
    /// A body of any length that is produced while it is sent.
    case stream(BodyStream)
    /// A body that is not sent because the request was a HEAD; `length` is its size in bytes where that is known.
    case omitted(length: Int?)
  }

  /// Writes a body piece by piece. It may throw after some pieces were written; the client then learns that the body
  /// was cut short.
  public typealias BodyStream = @Sendable (any BodyWriter) async throws -> Void

  public var status: HTTPResponse.Status
  public var fields: HTTPFields
  public var body: Body
  /// What went wrong, for the operator's log; it is never sent.
  public var cause: String?
  /// Whether the request's address has a secret in it, so that it is not logged.
  public internal(set) var concealsTarget = false
  /// Whether the request takes as long as its client wants, so that its duration says nothing about the server.
  public var lastsAsLongAsItsClient = false

  public init(
    _ status: HTTPResponse.Status, fields: HTTPFields = [:], body: Body = .bytes([]), cause: String? = nil
  ) {
    self.status = status
    self.fields = fields
    self.body = body
    self.cause = cause
  }

  /// The largest size of a field's value in bytes. Apache refuses a response with a field of more than 8,190 bytes, and
  /// nginx a request for an address of about that length.
  public static let maximumFieldSize = 7900

  /// Returns the same response without its body, as HEAD requires (RFC 9110 section 9.3.2).
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

/// The destination of a streamed body.
public protocol BodyWriter: Sendable {
  /// Sends the next bytes of the body, and suspends while the peer accepts no more.
  ///
  /// - Parameter bytes: the next bytes.
  /// - Throws: an error when the peer is gone; nothing more can be sent then.
  func write(_ bytes: [UInt8]) async throws

  /// Sends the next bytes of the body as far as the peer accepts them at once. It must not be called while a write is under
  /// way.
  ///
  /// - Parameter bytes: the next bytes.
  /// - Returns: what has become of them.
  func offer(_ bytes: [UInt8]) -> Offer

  /// Gives the peer up, since it has taken nothing for too long. A write that waits fails, and so does every other.
  func abandon()
}

extension BodyWriter {
  /// Does nothing, which is enough where writes do not wait for a peer.
  public func offer(_ bytes: [UInt8]) -> Offer { .refused }

  /// Does nothing, which is enough where writes do not wait for a peer.
  public func abandon() {}
}
