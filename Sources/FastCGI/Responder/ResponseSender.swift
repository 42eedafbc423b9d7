import HTTPCore

/// Sends the response to one request as FastCGI records.
struct ResponseSender: Sendable {
  let connection: Connection
  /// The FastCGI request id, which every record of the response carries.
  let recordID: UInt16
  /// Decides, at the end of the response, whether the web server is asked not to reuse the connection.
  let letsGo: @Sendable () -> Bool
  /// The size in bytes of the headers and of the end of a short response.
  private static let framingSize = 5 * Record.headerSize

  /// Sends a response.
  ///
  /// - Throws: an error if the peer is gone or has aborted the request, or the body could not be produced. Unless it was
  ///   aborted (`endAborted()`), the connection must then be closed as it is, without an end-request, so that the web
  ///   server can let its client know that the body was cut short.
  func send(_ response: consuming Response, requestID: String) async throws {
    if Task.isCancelled, connection.isAborted { throw ResponseInterruption.aborted }
    guard case .stream(let stream) = response.body else {
      // The body is not kept while the peer takes the records.
      return try await connection.send(records(of: response, requestID: requestID, endsRequest: true))
    }
    let mayStayHere = response.lastsAsLongAsItsClient
    try await connection.send(records(of: response, requestID: requestID, endsRequest: false))
    if mayStayHere {
      // It has a task of its own already, which is not a worker's.
      try await stream(self)
    } else {
      // A stream may take a long time, and workers are reserved for short work.
      try await withTaskExecutorPreference(globalConcurrentExecutor) { try await stream(self) }
    }
    var bytes: [UInt8] = []
    appendEnd(.requestComplete, to: &bytes)
    try await connection.send(bytes)
  }

  private func records(of response: consuming Response, requestID: String, endsRequest: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    var content = ResponseHead.bytes(of: response, requestID: requestID)
    if case .bytes(let body) = response.body { content += body }
    bytes.reserveCapacity(content.count + Self.framingSize)
    Record.append(content, as: Record.Kind.stdout, requestID: recordID, to: &bytes)
    if endsRequest { appendEnd(.requestComplete, to: &bytes) }
    return bytes
  }

  /// Ends a request that the peer has aborted (FastCGI specification 1.0, section 5.4).
  ///
  /// - Returns: whether the connection can be kept: the peer has aborted the request, and took its end.
  func endAborted() async -> Bool {
    guard connection.acceptAbort() else { return false }
    var bytes: [UInt8] = []
    appendEnd(.requestComplete, to: &bytes)
    do { try await connection.send(bytes) } catch { return false }
    return true
  }

  /// Refuses a request whose role is not the responder's (FastCGI specification 1.0, section 6.1).
  func refuseRole() async throws {
    var bytes: [UInt8] = []
    appendEnd(.unknownRole, to: &bytes)
    try await connection.send(bytes)
  }

  private func appendEnd(_ status: Record.ProtocolStatus, to bytes: inout [UInt8]) {
    Record.appendEnd(status, requestID: recordID, to: &bytes)
    if letsGo() { Record.appendLetGo(requestID: recordID, to: &bytes) }
  }
}

extension ResponseSender: BodyWriter {
  func write(_ body: [UInt8]) async throws {
    try Task.checkCancellation()
    try await connection.send(records(of: body))
  }

  func offer(_ body: [UInt8]) -> Offer { connection.offer(records(of: body)) ? .accepted : .begun }

  private func records(of body: [UInt8]) -> [UInt8] {
    var bytes = connection.takeReplies()
    Record.append(body, as: Record.Kind.stdout, requestID: recordID, to: &bytes)
    return bytes
  }

  func abandon() { connection.abandon() }
}
