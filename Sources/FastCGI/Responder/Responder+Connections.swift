import Glibc
import Linux
import Logging
import Synchronization
import SystemPackage

/// Accepts and closes connections.
extension Responder {
  /// Accepts all waiting connections.
  func acceptWaiting() {
    while acceptNext() {}
  }

  /// - Returns: true if another connection may be waiting.
  private func acceptNext() -> Bool {
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
    let connection = Connection(key: connections.nextKey, descriptor: descriptor, poll: poll)
    connections.nextKey += 1
    descriptor.setReceiveTimeout(seconds: Int32(configuration.readTimeout))
    do throws(SystemCallError) {
      try poll.add(descriptor, [.readable, .peerClosed, .oneShot], key: connection.key)
      connections.all[connection.key] = connection
      meter.connectionOpened()
    } catch {
      logger.warning("cannot watch a connection", metadata: ["cause": "\(error)"])
      try? descriptor.close()
    }
  }

  /// Removes the listener from the poll, because it stays readable while connections are waiting.
  private func pauseAccepting(_ connections: inout Connections) {
    guard !isDraining else { return }
    if connections.all.isEmpty {
      // No connection is open whose end could resume accepting.
      usleep(100_000)
    } else if !connections.isPaused {
      connections.isPaused = true
      poll.remove(listener.descriptor)
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
        connections.isPaused =
          (try? poll.add(listener.descriptor, [.readable, .exclusive], key: Key.listener)) == nil
      }
      return isDraining && connections.all.isEmpty
    }
    if isOver { stop() }
  }
}
