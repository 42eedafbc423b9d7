import Glibc
import Linux
import Logging
import Synchronization
import SystemPackage

/// Accepts and closes connections.
extension Responder {
  /// Waits for connections.
  ///
  /// - Throws: `SystemCallError` if the system has no room for all listeners; the poll then has none of them.
  func watchListeners() throws(SystemCallError) {
    do throws(SystemCallError) {
      for listener in listeners {
        try poll.add(listener.descriptor, [.readable, .exclusive], key: Key.listener)
      }
    } catch {
      unwatchListeners()
      throw error
    }
  }

  func unwatchListeners() {
    for listener in listeners { poll.remove(listener.descriptor) }
  }

  /// Accepts all connections that are waiting at any listener.
  func acceptWaiting() {
    for listener in listeners { acceptWaiting(at: listener) }
  }

  /// Accepts all connections that are waiting at a listener.
  func acceptWaiting(at listener: ListeningSocket) {
    while acceptNext(at: listener) {}
  }

  /// - Returns: true if another connection may be waiting.
  private func acceptNext(at listener: ListeningSocket) -> Bool {
    connections.withLock { connections in
      guard connections.isAccepting else { return false }
      guard connections.all.count < maximumConnections else {
        pauseAccepting(&connections)
        return false
      }
      do throws(SystemCallError) {
        add(try listener.accept(), to: &connections)
        return true
      } catch {
        switch error.errno {
        case .interrupted, .connectionAbort: return true
        case .wouldBlock: return false
        default:
          logger.warning("cannot accept connections", metadata: ["cause": "\(error)"])
          pauseAccepting(&connections)
          return false
        }
      }
    }
  }

  private func add(_ descriptor: FileDescriptor, to connections: inout Connections) {
    let connection = Connection(
      key: connections.nextKey, descriptor: descriptor,
      limits: ArrivingRequest.Limits(
        bodySize: configuration.maximumBodySize, connections: maximumConnections), poll: poll)
    connections.nextKey += 1
    do throws(SystemCallError) {
      try poll.add(descriptor, [.readable, .peerClosed, .oneShot], key: connection.key)
      connections.all[connection.key] = connection
      meter.connectionOpened()
    } catch {
      logger.warning("cannot watch a connection", metadata: ["cause": "\(error)"])
      try? descriptor.close()
    }
  }

  /// Removes the listeners from the poll, because they stay readable while connections are waiting.
  private func pauseAccepting(_ connections: inout Connections) {
    guard !isDraining else { return }
    if connections.all.isEmpty {
      // No connection is open whose end could resume accepting.
      usleep(100_000)
    } else if !connections.isPaused {
      connections.isPaused = true
      unwatchListeners()
    }
  }

  /// Closes a connection.
  ///
  /// - Parameters:
  ///   - connection: the connection, which must not be used afterwards.
  ///   - isOpen: false if libfcgi has already closed the descriptor.
  func close(_ connection: Connection, isOpen: Bool = true) {
    let isOver = connections.withLock { connections in
      connections.all[connection.key] = nil
      meter.connectionClosed()
      connection.close(isOpen: isOpen)
      if connections.isPaused && !isDraining {
        connections.isPaused = (try? watchListeners()) == nil
      }
      return isDraining && connections.all.isEmpty
    }
    if isOver { stop() }
  }
}
