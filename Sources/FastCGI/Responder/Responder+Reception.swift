import Linux
import Logging
import SystemPackage

/// Receives requests.
extension Responder {
  /// Receives a request and starts answering it.
  ///
  /// - Parameters:
  ///   - connection: the connection, which the caller owns.
  ///   - receiver: the worker's own receiver.
  ///   - lookAhead: a buffer for what has arrived.
  func receive(on connection: Connection, receiver: LibfcgiReader, lookAhead: inout [UInt8]) {
    let size: Int
    do throws(SystemCallError) {
      size = try connection.descriptor.peek(into: &lookAhead)
    } catch {
      return error.errno == .wouldBlock ? connection.becomeIdle() : close(connection)
    }
    guard size > 0 else { return close(connection) }
    var framing = RequestFraming()
    switch framing.advance(over: lookAhead[..<size]) {
    case .whole(let wholeSize):
      guard let received = receiver.receive(from: connection.descriptor) else {
        return close(connection, isOpen: false)
      }
      // libfcgi discards anything that it has read beyond the request.
      let isAlone = size == wholeSize
      connection.respond(on: executor, startsHere: true) { [self] in
        await answer(received, on: connection, mayKeep: isAlone)
      }
    case .incomplete:
      do throws(SystemCallError) {
        try receptions.run { [self] in receiveInPieces(on: connection) }
      } catch {
        giveUp(connection, error)
      }
    case .malformed: refuse(connection)
    }
  }

  /// Waits for the rest of a request; workers never wait.
  private func receiveInPieces(on connection: Connection) {
    let request = ArrivingRequest(maximumBodySize: configuration.maximumBodySize)
    let end = request.receive(from: connection.descriptor)
    switch end {
    case .whole, .cut: break
    case .nothing: return close(connection)
    case .malformed: return refuse(connection)
    }
    do throws(SystemCallError) {
      let file = try request.makeFile()
      let receiver = LibfcgiReader(maximumBodySize: configuration.maximumBodySize)
      guard let received = receiver.receive(from: file) else { return close(connection) }
      try? file.close()
      // The request may be large, and workers are reserved for short work.
      connection.respond(on: globalConcurrentExecutor, startsHere: false) { [self] in
        await answer(received, on: connection, mayKeep: end == .whole(isAlone: true))
      }
    } catch {
      giveUp(connection, error)
    }
  }

  private func giveUp(_ connection: Connection, _ error: SystemCallError) {
    logger.error("cannot receive a request", metadata: ["cause": "\(error)"])
    close(connection)
  }

  private func refuse(_ connection: Connection) {
    logger.warning("closed a connection whose peer does not speak FastCGI")
    close(connection)
  }
}
