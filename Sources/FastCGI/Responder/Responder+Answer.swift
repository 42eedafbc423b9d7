import HTTPCore
import HTTPTypes
import Logging

/// Answers requests.
extension Responder {
  /// Answers a request; the connection then waits for the next request or is closed.
  ///
  /// - Parameters:
  ///   - received: the request.
  ///   - connection: the connection on which the request arrived.
  ///   - mayKeep: false if a part of the next request may have been lost.
  func answer(
    _ received: LibfcgiReader.Received, on connection: Connection, mayKeep: Bool
  ) async {
    let sender = ResponseSender(connection: connection, recordID: received.requestID) { [self] in isDraining }
    var keeps = mayKeep && received.keepsConnection
    do {
      if received.isResponder {
        try await respond(to: received, through: sender)
      } else {
        try await sender.refuseRole()
      }
    } catch {
      keeps = false
    }
    if keeps { connection.becomeIdle() } else { close(connection) }
  }

  /// - Throws: an error if the response was cut short.
  private func respond(to received: LibfcgiReader.Received, through sender: ResponseSender) async throws {
    let start = ContinuousClock.now
    let id = received.variables.requestID ?? Request.makeID()
    meter.requestStarted()
    var request: Request?
    let response: Response
    do throws(ProblemDetails) {
      let valid = try Request(
        received.variables, body: received.content.body(maximumSize: configuration.maximumBodySize), id: id)
      request = valid
      response = await handler(valid)
    } catch {
      response = error.response
    }
    defer {
      let duration = ContinuousClock.now - start - sender.connection.waitForPeer
      ended(request, id: id, status: response.status.code, duration: duration)
    }
    do {
      try await sender.send(response, requestID: id)
    } catch {
      if !(error is PeerGone || Task.isCancelled) {
        logger.error("cut a response short", metadata: ["request-id": "\(id)", "cause": "\(error)"])
      }
      throw error
    }
  }

  /// Counts a request that was answered, and logs it if the log level asks for it.
  ///
  /// - Parameters:
  ///   - request: the request; nil if it was not valid.
  ///   - id: the request's id.
  ///   - status: the response's status code.
  ///   - duration: the time that the request took, without the time that the peer took to accept the response.
  private func ended(_ request: Request?, id: String, status: Int, duration: Duration) {
    func name() -> (id: String, method: String, target: String) {
      (id, request?.method.rawValue ?? "-", request?.target.description ?? "-")
    }
    meter.requestEnded(status: status, duration: duration, request: name)
    let isSlow = configuration.slowRequest.map { duration > $0 } ?? false
    let level = isSlow ? Logger.Level.warning : .debug
    guard level >= logger.logLevel else { return }
    let (_, method, target) = name()
    logger.log(
      level: level, isSlow ? "slow request" : "answered",
      metadata: [
        "request-id": "\(id)", "method": "\(method)", "target": "\(target)", "status": "\(status)",
        "milliseconds": "\(Int(duration / .milliseconds(1)))",
      ])
  }
}
