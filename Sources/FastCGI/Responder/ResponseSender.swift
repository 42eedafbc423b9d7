import HTTPCore

/// Sends the response to one request as FastCGI records.
struct ResponseSender: Sendable {
  let connection: Connection
  /// The FastCGI request id, which every record of the answer carries.
  let recordID: UInt16
  /// Tells, at the end of the answer, whether the web server is asked not to use the connection again.
  let letsGo: @Sendable () -> Bool

  /// - Throws: when the peer is gone or the body could not be made. The connection must then be closed as it
  ///   is, without an end-request, so that the web server can tell its client that the body is cut.
  func send(_ response: Response, requestID: String) async throws {
    var bytes: [UInt8] = []
    var content = ResponseHead.bytes(of: response, requestID: requestID)
    if case .bytes(let body) = response.body { content += body }
    Record.append(content, as: Record.Kind.stdout, requestID: recordID, to: &bytes)
    if case .stream(let stream) = response.body {
      try await connection.send(bytes)
      bytes = []
      // It may take long, and the workers are for what does not.
      try await withTaskExecutorPreference(globalConcurrentExecutor) { try await stream(self) }
    }
    appendEnd(.requestComplete, to: &bytes)
    try await connection.send(bytes)
  }

  /// Refuses a request whose role is not the responder's (FastCGI specification 6.1).
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
