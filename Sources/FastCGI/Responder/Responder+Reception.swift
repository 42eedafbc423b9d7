import Linux
import Logging
import Synchronization
import SystemPackage

/// Receives requests. No thread waits for a peer.
extension Responder {
  /// How many pieces of one request a worker receives before it turns to other connections.
  private static let piecesInARow = 4
  /// The size in bytes up to which an assembled request is read on a worker, which is reserved for short work.
  private static let shortSize = 65_536

  /// Receives a request, and starts answering it if it is whole.
  ///
  /// - Parameters:
  ///   - connection: the connection, which the caller owns.
  ///   - receiver: the worker's own receiver.
  ///   - lookAhead: a buffer for what has arrived.
  func receive(on connection: Connection, receiver: LibfcgiReader, lookAhead: inout [UInt8]) {
    do throws(SystemCallError) {
      let size = try connection.descriptor.peek(into: &lookAhead)
      guard size > 0 else { return close(connection) }
      var framing = RequestFraming()
      if framing.advance(over: lookAhead[..<size]) == .whole(size: size), framing.isPlain {
        guard let received = receiver.receive(from: connection.descriptor) else {
          return close(connection, isOpen: false)
        }
        return connection.respond(
          on: executor, startsHere: true, requestID: received.requestID, readsRecords: true
        ) { [self] in await answer(received, on: connection, mayKeep: true) }
      }
    } catch {
      return error.errno == .wouldBlock ? connection.becomeIdle() : close(connection)
    }
    receiveRest(of: begin(on: connection), on: connection, receiver: receiver, lookAhead: &lookAhead)
  }

  private func begin(on connection: Connection) -> ArrivingRequest {
    var request = ArrivingRequest(limits: connection.limits)
    request.arrival = arrivals.begin(on: connection)
    return request
  }

  /// Waits for the rest of a request that began to arrive during a response.
  func waitForRest(of request: ArrivingRequest, on connection: Connection) {
    var request = request
    request.arrival = arrivals.begin(on: connection)
    arrivals.update(request)
    connection.wait(for: request, isPaused: false)
  }

  /// Receives the pieces of a request that have arrived, and starts answering it if it is whole.
  ///
  /// - Parameters:
  ///   - arriving: the part of the request that was received before.
  ///   - connection: the connection, which the caller owns.
  ///   - receiver: the worker's own receiver.
  ///   - lookAhead: a buffer for what has arrived.
  func receiveRest(
    of arriving: ArrivingRequest, on connection: Connection, receiver: LibfcgiReader,
    lookAhead: inout [UInt8]
  ) {
    var request = arriving
    for _ in 0..<Self.piecesInARow {
      let size: Int
      do throws(SystemCallError) {
        size = try connection.descriptor.peek(into: &lookAhead)
      } catch {
        if error.errno == .wouldBlock { break }
        return abandon(request, on: connection)
      }
      guard size > 0 else { return endCut(request, on: connection, receiver: receiver) }
      guard let number = request.arrival, arrivals.reserve(size, for: number) else {
        return pause(request, on: connection)
      }
      let progress = request.append(lookAhead[..<size])
      let used = if case .whole(let used) = progress { used } else { size }
      // The next request stays on the connection.
      _ = try? connection.descriptor.take(used, into: &lookAhead)
      arrivals.update(request)
      guard connection.sendsAtOnce(request.takeReplies()) else { return abandon(request, on: connection) }
      switch progress {
      case .incomplete:
        if request.isBeyondReason { return endCut(request, on: connection, receiver: receiver) }
      case .malformed: return refuse(request, on: connection)
      case .whole:
        let mayKeep = !Self.beginsRequest(lookAhead[used..<size])
        return answer(request, on: connection, receiver: receiver, mayKeep: mayKeep)
      }
    }
    wait(for: request, on: connection)
  }

  /// Returns whether bytes behind a request are another one, or none of FastCGI. A web server would not send either.
  private static func beginsRequest(_ bytes: ArraySlice<UInt8>) -> Bool {
    var framing = RequestFraming()
    return framing.advance(over: bytes) == .malformed || framing.hasBegun
  }

  private func wait(for request: ArrivingRequest, on connection: Connection) {
    guard let number = request.arrival else { return }
    if request.isEmpty {
      arrivals.remove(number)
      connection.becomeIdle()
    } else if arrivals.isLate(number) {
      endLate(request, on: connection)
    } else {
      connection.wait(for: request, isPaused: false)
    }
  }

  private func pause(_ request: ArrivingRequest, on connection: Connection) {
    guard let number = request.arrival else { return }
    connection.wait(for: request, isPaused: true)
    if !arrivals.pause(number) { connection.resume() }
  }

  /// Gives up the requests that have had their time.
  func endLateRequests() {
    for connection in arrivals.tick() {
      guard let request = connection.takeArriving() else { continue }
      // The late request may have arrived meanwhile, and the next one have begun.
      if let number = request.arrival, arrivals.isLate(number) {
        endLate(request, on: connection)
      } else {
        wait(for: request, on: connection)
      }
    }
    poll.arm(arrivals.clock.descriptor, .readable, key: Key.clock)
  }

  /// Answers a request that is whole.
  private func answer(
    _ request: ArrivingRequest, on connection: Connection, receiver: LibfcgiReader, mayKeep: Bool
  ) {
    if request.heldSize > Self.shortSize {
      answerElsewhere(request, isLate: false, on: connection, mayKeep: mayKeep)
    } else {
      answerHere(request, on: connection, receiver: receiver, mayKeep: mayKeep)
    }
  }

  /// Answers a request whose peer has sent a part of it and sends no more, or has sent far too much, and closes the
  /// connection. If not even its params are complete, nobody waits for an answer.
  private func endCut(_ request: ArrivingRequest, on connection: Connection, receiver: LibfcgiReader) {
    guard request.hasParams else { return abandon(request, on: connection) }
    answerHere(request, on: connection, receiver: receiver, mayKeep: false)
  }

  /// Answers a request that has had its time, and closes the connection.
  private func endLate(_ request: ArrivingRequest, on connection: Connection) {
    guard request.hasBeginRequest else { return abandon(request, on: connection) }
    answerElsewhere(request, isLate: true, on: connection, mayKeep: false)
  }

  private func answerHere(
    _ request: ArrivingRequest, on connection: Connection, receiver: LibfcgiReader, mayKeep: Bool
  ) {
    guard let received = read(request, on: connection, receiver: receiver) else { return }
    if let number = request.arrival { arrivals.remove(number) }
    connection.respond(
      on: executor, startsHere: true, requestID: received.requestID, readsRecords: mayKeep
    ) { [self] in await answer(received, on: connection, mayKeep: mayKeep) }
  }

  /// Answers a request on a thread that is not a worker, because the request is large, or one of many late ones.
  private func answerElsewhere(
    _ request: ArrivingRequest, isLate: Bool, on connection: Connection, mayKeep: Bool
  ) {
    let arrival = request.arrival
    if let arrival { arrivals.arrived(arrival) }
    // The task takes the request out of here, so that it is not kept any longer than necessary.
    let waiting = Mutex<ArrivingRequest?>(request)
    connection.respond(
      on: globalConcurrentExecutor, startsHere: false, requestID: request.requestID, readsRecords: mayKeep
    ) { [self] in
      let receiver = LibfcgiReader(maximumBodySize: configuration.maximumBodySize)
      let request = waiting.withLock { $0.take() }
      guard var received = request.flatMap({ read($0, on: connection, receiver: receiver) }) else { return }
      if isLate { received.content = .late }
      await answer(received, on: connection, mayKeep: mayKeep, arrival: arrival)
    }
  }

  /// - Returns: the request; nil if the connection was closed, because it is none.
  private func read(
    _ request: ArrivingRequest, on connection: Connection, receiver: LibfcgiReader
  ) -> LibfcgiReader.Received? {
    do throws(SystemCallError) {
      let file = try request.makeFile()
      if let received = receiver.receive(from: file) {
        try? file.close()
        return received
      }
    } catch {
      logger.error("cannot receive a request", metadata: ["cause": "\(error)"])
    }
    abandon(request, on: connection)
    return nil
  }

  private func refuse(_ request: ArrivingRequest, on connection: Connection) {
    logger.warning("closed a connection whose peer does not speak FastCGI")
    abandon(request, on: connection)
  }

  /// Closes the connection of a request that will not arrive completely.
  func abandon(_ request: ArrivingRequest, on connection: Connection) {
    if let number = request.arrival { arrivals.remove(number) }
    close(connection)
  }
}
