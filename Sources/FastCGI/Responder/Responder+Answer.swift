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
  ///   - mayKeep: false if the connection must be closed afterwards.
  ///   - arrival: the number of the request if it holds memory of the arrivals, which is released once it is handled.
  func answer(
    _ received: consuming LibfcgiReader.Received, on connection: Connection, mayKeep: Bool,
    arrival: Int? = nil
  ) async {
    let sender = ResponseSender(connection: connection, recordID: received.requestID) { [self] in isDraining }
    var keeps = mayKeep && received.keepsConnection
    do {
      if received.isResponder {
        try await respond(to: received, through: sender, arrival: arrival)
      } else {
        if let arrival { arrivals.remove(arrival) }
        try await sender.refuseRole()
      }
    } catch {
      keeps = await sender.endAborted() && keeps
    }
    guard keeps else { return close(connection) }
    while true {
      switch connection.endResponse() {
      case .idle: return
      case .receive(let request): return waitForRest(of: request, on: connection)
      case .close: return close(connection)
      case .reply(let replies):
        do { try await connection.send(replies) } catch { return close(connection) }
      }
    }
  }

  /// - Throws: an error if the response was cut short.
  private func respond(
    to received: consuming LibfcgiReader.Received, through sender: ResponseSender, arrival: Int?
  ) async throws {
    let start = ContinuousClock.now
    let id = received.variables.requestID ?? Request.makeID()
    meter.requestStarted()
    var request: Request?
    let response: Response
    do throws(ProblemDetails) {
      var valid = try Request(
        received.variables, body: received.content.body(maximumSize: configuration.maximumBodySize), id: id)
      response = await handler(valid)
      // The body is not kept while the peer takes the response.
      valid.body = []
      request = response.concealsTarget ? nil : valid
    } catch {
      response = error.response
    }
    if let arrival { arrivals.remove(arrival) }
    let status = response.status.code
    let isMeasured = !response.lastsAsLongAsItsClient
    defer {
      let duration = isMeasured ? ContinuousClock.now - start - sender.connection.waitForPeer : .zero
      ended(request, id: id, status: status, duration: duration)
    }
    do {
      try await sender.send(consume response, requestID: id)
    } catch {
      if !(error is ResponseInterruption || Task.isCancelled) {
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
