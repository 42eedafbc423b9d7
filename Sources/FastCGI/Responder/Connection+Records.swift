import Linux
import Synchronization
import SystemPackage

/// Reads the records that arrive during a response.
extension Connection {
  /// How many bytes of replies may wait before no more records are read.
  private static let replyLimit = 4096

  /// Reads management records and aborts, up to the header of the next request. The rest of that request is read after
  /// the response.
  ///
  /// - Parameter state: the locked state.
  func readRecords(_ state: inout State) {
    var request = state.arriving ?? ArrivingRequest(limits: limits)
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !request.hasBegun && state.replies.count < Self.replyLimit {
      do throws(SystemCallError) {
        // No byte beyond a record is taken from the connection, because libfcgi must read the next request from there.
        let count = try descriptor.take(min(request.missing, buffer.count), into: &buffer)
        state.isMalformed = count > 0 && request.append(buffer[..<count]) == .malformed
        state.readsRecords = count > 0 && !state.isMalformed
      } catch {
        state.readsRecords = error.errno == .wouldBlock
        state.arriving = request.isEmpty ? nil : request
        return
      }
      state.replies += request.takeReplies()
      if request.takeAbortedID() == state.requestID { state.isAborted = true }
      if !state.readsRecords { break }
    }
    state.readsRecords = false
    state.arriving = request.isEmpty ? nil : request
  }

  /// What follows a response on a connection that is kept.
  enum Continuation {
    /// The connection waits for the next request.
    case idle
    /// These replies must be sent first.
    case reply([UInt8])
    /// The caller owns the connection, on which the next request has begun to arrive.
    indirect case receive(ArrivingRequest)
    /// The caller must close the connection.
    case close
  }

  /// Ends a response on a connection that is kept.
  func endResponse() -> Continuation {
    state.withLock { state in
      if !state.replies.isEmpty { return .reply(state.takeReplies()) }
      if state.isMalformed { return .close }
      state.task = nil
      if state.arriving != nil, let request = state.arriving.take() {
        state.phase = .receiving
        return .receive(request)
      }
      state.phase = .idle
      poll.arm(descriptor, [.readable, .peerClosed], key: key)
      return .idle
    }
  }
}

extension Connection.State {
  mutating func takeReplies() -> [UInt8] {
    defer { replies = [] }
    return replies
  }
}
