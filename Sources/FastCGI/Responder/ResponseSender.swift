import HTTPCore

/// Sends the response to one request as FastCGI records.
struct ResponseSender: Sendable {
  let connection: Connection
  /// The FastCGI request id, which every record of the response carries.
  let recordID: UInt16
  /// Decides, at the end of the response, whether the web server is asked not to reuse the connection.
  let letsGo: @Sendable () -> Bool

  /// Sends a response.
  ///
  /// - Throws: an error if the peer is gone or the body could not be produced. The connection must then be closed
  ///   as it is, without an end-request, so that the web server can let its client know that the body was cut short.
  func send(_ response: Response, requestID: String) async throws {
    var bytes: [UInt8] = []
    var content = ResponseHead.bytes(of: response, requestID: requestID)
    if case .bytes(let body) = response.body { content += body }
    Record.append(content, as: Record.Kind.stdout, requestID: recordID, to: &bytes)
    if case .stream(let stream) = response.body {
      try await connection.send(bytes)
      bytes = []
      // A stream may take a long time, and workers are reserved for short work.
      try await withTaskExecutorPreference(globalConcurrentExecutor) { try await stream(self) }
    }
    appendEnd(.requestComplete, to: &bytes)
    try await connection.send(bytes)
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
    var bytes: [UInt8] = []
    Record.append(body, as: Record.Kind.stdout, requestID: recordID, to: &bytes)
    try await connection.send(bytes)
  }
}
