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
    let keeps = mayKeep && received.keepsConnection
    guard received.isResponder else {
      if let arrival { arrivals.remove(arrival) }
      var isSent = (try? await sender.refuseRole()) != nil
      if !isSent { isSent = await sender.endAborted() }
      return await end(connection, keeps: keeps && isSent)
    }
    let (response, request) = await handle(received, arrival: arrival)
    if response.lastsAsLongAsItsClient {
      // As long as a task runs, it keeps all the memory that its calls have taken, which handling takes a lot of.
      connection.goOn { [self] in await send(response, to: request, through: sender, keeps: keeps) }
    } else {
      await send(consume response, to: request, through: sender, keeps: keeps)
    }
  }

  /// Sends a response; the connection then waits for the next request or is closed.
  private func send(
    _ response: consuming Response, to request: Handled, through sender: ResponseSender, keeps: Bool
  ) async {
    var keeps = keeps
    do { try await send(consume response, to: request, through: sender) } catch {
      keeps = await sender.endAborted() && keeps
    }
    await end(sender.connection, keeps: keeps)
  }

  /// Ends a response: the connection then waits for the next request or is closed.
  private func end(_ connection: Connection, keeps: Bool) async {
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

  /// A request that was handled.
  private struct Handled {
    let id: String
    /// The request without its fields and its body; nil if it was not valid.
    let request: Request?
    let start: ContinuousClock.Instant
  }

  private func handle(
    _ received: consuming LibfcgiReader.Received, arrival: Int?
  ) async -> (Response, Handled) {
    let start = ContinuousClock.now
    let id = received.variables.requestID ?? Request.makeID()
    meter.requestStarted()
    var request: Request?
    let response: Response
    do throws(ProblemDetails) {
      var valid = try Request(
        received.variables, body: received.content.body(maximumSize: configuration.maximumBodySize), id: id)
      response = await handler(valid)
      // They are not kept while the peer takes the response.
      (valid.fields, valid.body) = ([:], [])
      request = response.concealsTarget ? nil : valid
    } catch {
      response = error.response
    }
    if let arrival { arrivals.remove(arrival) }
    return (response, Handled(id: id, request: request, start: start))
  }

  /// - Throws: an error if the response was cut short.
  private func send(
    _ response: consuming Response, to handled: Handled, through sender: ResponseSender
  ) async throws {
    let status = response.status.code
    let isMeasured = !response.lastsAsLongAsItsClient
    defer {
      let duration =
        isMeasured ? ContinuousClock.now - handled.start - sender.connection.waitForPeer : .zero
      ended(handled, status: status, duration: duration)
    }
    do {
      try await sender.send(consume response, requestID: handled.id)
    } catch {
      if !(error is ResponseInterruption || Task.isCancelled) {
        logger.error("cut a response short", metadata: ["request-id": "\(handled.id)", "cause": "\(error)"])
      }
      throw error
    }
  }

  /// Counts a request that was answered, and logs it if the log level asks for it.
  ///
  /// - Parameters:
  ///   - handled: the request.
  ///   - status: the response's status code.
  ///   - duration: the time that the request took, without the time that the peer took to accept the response.
  private func ended(_ handled: Handled, status: Int, duration: Duration) {
    func name() -> (id: String, method: String, target: String) {
      (handled.id, handled.request?.method.rawValue ?? "-", handled.request?.target.description ?? "-")
    }
    meter.requestEnded(status: status, duration: duration, request: name)
    let isSlow = configuration.slowRequest.map { duration > $0 } ?? false
    let level = isSlow ? Logger.Level.warning : .debug
    guard level >= logger.logLevel else { return }
    let (_, method, target) = name()
    logger.log(
      level: level, isSlow ? "slow request" : "answered",
      metadata: [
        "request-id": "\(handled.id)", "method": "\(method)", "target": "\(target)", "status": "\(status)",
        "milliseconds": "\(Int(duration / .milliseconds(1)))",
      ])
  }
}
