import CEpoll
import Glibc
import HTTPCore
import HTTPTypes
import Logging
import Synchronization

/// What the worker threads do.
extension Responder {
  /// How long a peer may be silent in the middle of a request, in seconds.
  private static let readTimeout: Int32 = 10
  /// Bytes of a request that are looked at before it is read; a request of nginx without a body has at most 65,582.
  private static let lookAheadSize = 66_560
  /// Events that a worker takes at once.
  private static let eventBatch = 16

  /// Waits for events, and handles them, until the responder stops.
  func work() {
    let receiver = RequestReceiver(maximumBodySize: configuration.maximumBodySize)
    var lookAhead = [UInt8](repeating: 0, count: Self.lookAheadSize)
    var events = [epoll_event](repeating: epoll_event(), count: Self.eventBatch)
    while true {
      let count = poll.wait(into: &events)
      meter.workerBecameBusy(true)
      defer { meter.workerBecameBusy(false) }
      for event in events.prefix(count) {
        switch event.data.u64 {
        case Key.listener: acceptWaiting()
        case Key.jobs: executor.runShare()
        case Key.stop: return
        case let key:
          guard let connection = connections.withLock({ $0.all[key] }),
            connection.take(EventPoll.Events(rawValue: event.events))
          else { continue }
          receive(on: connection, receiver: receiver, lookAhead: &lookAhead)
        }
      }
    }
  }

  /// Accepts every connection that waits.
  func acceptWaiting() {
    while acceptNext() {}
  }

  /// - Returns: whether there may be another one.
  private func acceptNext() -> Bool {
    connections.withLock { connections in
      guard connections.isAccepting else { return false }
      guard connections.all.count < maximumConnections else {
        pauseAccepting(&connections)
        return false
      }
      let descriptor = cepoll_accept(listener.descriptor)
      if descriptor >= 0 {
        add(descriptor, to: &connections)
        return true
      }
      switch errno {
      case EINTR, ECONNABORTED: return true
      case EAGAIN: return false
      default:
        logger.warning("cannot accept connections", metadata: ["cause": "\(SystemError("accept4"))"])
        pauseAccepting(&connections)
        return false
      }
    }
  }

  private func add(_ descriptor: Int32, to connections: inout Connections) {
    let connection = Connection(key: connections.nextKey, descriptor: descriptor, poll: poll)
    connections.nextKey += 1
    _ = cepoll_set_receive_timeout(descriptor, Self.readTimeout)
    do throws(SystemError) {
      try poll.add(descriptor, [.readable, .peerClosed, .oneShot], key: connection.key)
      connections.all[connection.key] = connection
      meter.connectionOpened()
    } catch {
      logger.warning("cannot wait for a connection", metadata: ["cause": "\(error)"])
      Glibc.close(descriptor)
    }
  }

  /// The listener stays readable while connections wait, so that it must leave the poll.
  private func pauseAccepting(_ connections: inout Connections) {
    guard !isDraining else { return }
    if connections.all.isEmpty {
      // No connection is there whose end could resume.
      usleep(100_000)
    } else if !connections.isPaused {
      connections.isPaused = true
      poll.remove(listener.descriptor)
    }
  }

  private func receive(on connection: Connection, receiver: RequestReceiver, lookAhead: inout [UInt8]) {
    let size = recv(
      connection.descriptor, &lookAhead, lookAhead.count, Int32(MSG_PEEK | MSG_DONTWAIT))
    if size < 0 && errno == EAGAIN { return connection.becomeIdle() }
    guard size > 0 else { return close(connection) }
    var framing = RequestFraming()
    switch framing.advance(over: lookAhead[..<size]) {
    case .whole(let wholeSize):
      guard let received = receiver.receive(from: connection.descriptor) else {
        return close(connection, isOpen: false)
      }
      // libfcgi drops what it has read beyond the request.
      let isAlone = size == wholeSize
      connection.respond(on: executor, startsHere: true) { [self] in
        await answer(received, on: connection, mayKeep: isAlone)
      }
    case .incomplete:
      do throws(SystemError) {
        try receptions.run { [self] in receiveInPieces(on: connection) }
      } catch {
        giveUp(connection, error)
      }
    case .malformed: refuse(connection)
    }
  }

  /// Waits for the rest of a request, which no worker does.
  private func receiveInPieces(on connection: Connection) {
    let request = ArrivingRequest(maximumBodySize: configuration.maximumBodySize)
    let end = request.receive(from: connection.descriptor)
    switch end {
    case .whole, .cut: break
    case .nothing: return close(connection)
    case .malformed: return refuse(connection)
    }
    do throws(SystemError) {
      let file = try request.makeFile()
      let receiver = RequestReceiver(maximumBodySize: configuration.maximumBodySize)
      guard let received = receiver.receive(from: file) else { return close(connection) }
      Glibc.close(file)
      // It may be large, and the workers are for what does not take long.
      connection.respond(on: globalConcurrentExecutor, startsHere: false) { [self] in
        await answer(received, on: connection, mayKeep: end == .whole(isAlone: true))
      }
    } catch {
      giveUp(connection, error)
    }
  }

  private func giveUp(_ connection: Connection, _ error: SystemError) {
    logger.error("cannot receive a request", metadata: ["cause": "\(error)"])
    close(connection)
  }

  private func refuse(_ connection: Connection) {
    logger.warning("closed a connection that does not speak FastCGI")
    close(connection)
  }

  private func answer(
    _ received: RequestReceiver.Received, on connection: Connection, mayKeep: Bool
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

  /// - Throws: when the response was cut short.
  private func respond(to received: RequestReceiver.Received, through sender: ResponseSender) async throws {
    let start = ContinuousClock.now
    meter.requestStarted()
    var request: Request?
    let response: Response
    do throws(ProblemDetails) {
      let valid = try Request(
        received.variables, body: received.content.body(maximumSize: configuration.maximumBodySize),
        id: Request.makeID())
      request = valid
      response = await handler(valid)
    } catch {
      response = error.response
    }
    let id = request?.id ?? Request.makeID()
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

  /// Counts a request that was answered, and logs it where that is wanted.
  ///
  /// - Parameters:
  ///   - request: nil when it was not valid.
  ///   - id: of the request.
  ///   - status: of the answer.
  ///   - duration: without the time that the client took to accept the answer.
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

  /// - Parameters:
  ///   - connection: is not used after this.
  ///   - isOpen: false when libfcgi has closed the descriptor.
  private func close(_ connection: Connection, isOpen: Bool = true) {
    let isOver = connections.withLock { connections in
      connections.all[connection.key] = nil
      meter.connectionClosed()
      connection.close(isOpen: isOpen)
      if connections.isPaused && !isDraining {
        connections.isPaused =
          (try? poll.add(listener.descriptor, [.readable, .exclusive], key: Key.listener)) == nil
      }
      return isDraining && connections.all.isEmpty
    }
    if isOver { stop() }
  }
}

extension Request {
  /// An id for a request that came without one: 16 hexadecimal digits.
  static func makeID() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
