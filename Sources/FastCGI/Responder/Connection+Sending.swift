import Linux
import Synchronization
import SystemPackage

/// Sends the records of a response.
extension Connection {
  /// Sends records without blocking the thread, after what is left of those that were offered, and suspends while the peer
  /// takes no more. If the peer aborts the request meanwhile, no record is begun any more.
  ///
  /// - Parameter bytes: whole records.
  /// - Throws: `ResponseInterruption`.
  func send(_ bytes: [UInt8]) async throws(ResponseInterruption) {
    let (bytes, start) = state.withLock { $0.takeUnsent(before: bytes) }
    var sent = start
    var end = bytes.count
    // An abort ends the wait once. The record that was begun must still be sent, however long the peer takes.
    var mayEnd = true
    while sent < end {
      do throws(SystemCallError) {
        sent += try descriptor.send(bytes, sent..<end)
      } catch {
        switch error.errno {
        case .wouldBlock:
          if try await untilWritable(orAborted: mayEnd) {
            mayEnd = false
            end = Record.end(at: sent, in: bytes)
          }
        case .interrupted: break
        default: throw .peerGone
        }
      }
    }
    if end < bytes.count { throw .aborted }
  }

  /// Sends records as far as the peer takes them at once. The caller must be the only one that sends.
  ///
  /// - Parameter bytes: whole records.
  /// - Returns: whether the peer took all of them. If not, the next `send(_:)` sends what is left.
  func offer(_ bytes: [UInt8]) -> Bool {
    let (bytes, start) = state.withLock { $0.takeUnsent(before: bytes) }
    var sent = start
    while sent < bytes.count {
      do throws(SystemCallError) {
        sent += try descriptor.send(bytes, sent..<bytes.count)
      } catch {
        if error.errno == .interrupted { continue }
        state.withLock { $0.unsent = UnsentRecords(bytes: bytes, sent: sent) }
        return false
      }
    }
    return true
  }

  /// Sends records if the peer takes all of them at once. The caller must own the connection.
  ///
  /// - Returns: whether the peer took them; if not, the connection must be closed.
  func sendsAtOnce(_ bytes: [UInt8]) -> Bool {
    bytes.isEmpty || (try? descriptor.send(bytes, 0..<bytes.count)) == bytes.count
  }

  /// How long the current response has waited for the peer to take bytes.
  var waitForPeer: Duration { state.withLock(\.waitForPeer) }

  /// Whether the peer has aborted the request.
  var isAborted: Bool { state.withLock(\.isAborted) }

  /// Gives the peer up during a response: what waits until it takes more bytes fails, and the connection is then closed.
  func abandon() {
    let writable = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.phase == .responding else { return nil }
      state.isPeerGone = true
      defer { state.writable = nil }
      return state.writable
    }
    writable?.resume()
  }

  /// Takes the replies to management records, to send them between two records of the response.
  func takeReplies() -> [UInt8] { state.withLock { $0.takeReplies() } }

  /// Ends an abort, so that the end-request can be sent.
  ///
  /// - Returns: whether the peer has aborted the request, and is still there.
  func acceptAbort() -> Bool {
    state.withLock { state in
      defer { state.isAborted = false }
      return state.isAborted && !state.isPeerGone
    }
  }

  /// - Parameter mayEnd: whether an abort ends the wait.
  /// - Returns: whether an abort ended the wait.
  /// - Throws: `ResponseInterruption.peerGone`.
  private func untilWritable(orAborted mayEnd: Bool) async throws(ResponseInterruption) -> Bool {
    let start = ContinuousClock.now
    defer { state.withLock { $0.waitForPeer += .now - start } }
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        let isOver = state.isPeerGone || mayEnd && state.isAborted
        if !isOver {
          state.writable = continuation
          arm(state, .writable)
        }
        return isOver
      }
      if isOver { continuation.resume() }
    }
    let (isPeerGone, isAborted) = state.withLock { ($0.isPeerGone, $0.isAborted) }
    if isPeerGone { throw .peerGone }
    return mayEnd && isAborted
  }
}

extension Connection.State {
  /// Takes what is left of the records that were offered, to send it before others.
  ///
  /// - Parameter bytes: whole records.
  /// - Returns: whole records, and how many of their bytes were sent.
  fileprivate mutating func takeUnsent(before bytes: [UInt8]) -> (bytes: [UInt8], sent: Int) {
    guard let unsent = unsent.take() else { return (bytes, 0) }
    return (unsent.bytes + bytes, unsent.sent)
  }
}
