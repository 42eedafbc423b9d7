import Dispatch
import Glibc
import Synchronization
public import SystemPackage

/// Writes lines to a descriptor without ever blocking the threads that have something to say.
///
/// A thread of its own writes them. While the descriptor takes nothing, such as a pipe that nobody reads, a full disk or
/// a stopped terminal, a limited number of lines waits. Further ones are dropped and counted, and a line tells how many
/// were dropped as soon as the descriptor takes lines again.
public final class BackgroundLineWriter: Sendable {
  /// How many bytes of lines may wait.
  private static let capacity = 256 << 10

  private struct State {
    var waiting: [UInt8] = []
    /// Whether the thread is writing lines.
    var isWriting = false
    var hasThread = false
    var dropped = 0
    /// The dropped lines of which no line has told yet.
    var untold = 0
  }

  private let descriptor: FileDescriptor
  private let note: @Sendable (Int) -> String
  private let state = Mutex(State())
  private let hasLines = DispatchSemaphore(value: 0)

  /// Makes a writer, which starts its thread with the first line.
  ///
  /// - Parameters:
  ///   - descriptor: the descriptor to which lines are written. It stays open.
  ///   - note: makes the line that tells how many lines were dropped.
  public init(to descriptor: FileDescriptor, note: @escaping @Sendable (_ dropped: Int) -> String) {
    self.descriptor = descriptor
    self.note = note
  }

  /// The number of lines that were dropped so far.
  public var droppedCount: Int { state.withLock(\.dropped) }

  /// Waits until all lines are written.
  ///
  /// - Parameter patience: the maximum time to wait.
  public func flush(within patience: Duration) {
    let deadline = ContinuousClock.now + patience
    while state.withLock({ $0.isWriting || !$0.waiting.isEmpty }), .now < deadline { usleep(1000) }
  }

  private func writeWaiting() {
    while true {
      hasLines.wait()
      let lines = state.withLock { state in
        state.isWriting = true
        defer { state.waiting = [] }
        return state.waiting
      }
      write(lines)
      let untold = state.withLock { state in
        // The lines that wait are older than those that were dropped.
        guard state.waiting.isEmpty else { return 0 }
        defer { state.untold = 0 }
        return state.untold
      }
      if untold > 0 { write(Array((note(untold) + "\n").utf8), countingAs: untold) }
      state.withLock { $0.isWriting = false }
    }
  }

  /// - Parameters:
  ///   - lines: the bytes to write.
  ///   - count: how many lines are untold if they cannot be written; nil counts those among them as dropped.
  private func write(_ lines: [UInt8], countingAs count: Int? = nil) {
    var rest = lines[...]
    while !rest.isEmpty {
      do {
        rest = rest.dropFirst(try rest.withUnsafeBytes { try descriptor.write($0) })
      } catch Errno.wouldBlock {
        // Whoever started this process has made the descriptor non-blocking.
        var writable = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
        poll(&writable, 1, -1)
      } catch {
        let lost = rest.count { $0 == UInt8(ascii: "\n") }
        state.withLock { state in
          state.untold += count ?? lost
          state.dropped += count == nil ? lost : 0
        }
        return
      }
    }
  }
}

extension BackgroundLineWriter: TextOutputStream {
  /// Writes a line as soon as possible, or drops it.
  ///
  /// - Parameter line: the line, with the line break at its end.
  public func write(_ line: String) {
    let (isFirst, startsThread) = state.withLock { state in
      guard state.waiting.count + line.utf8.count <= Self.capacity else {
        state.dropped += 1
        state.untold += 1
        return (false, false)
      }
      defer { state.hasThread = true }
      state.waiting += line.utf8
      return (state.waiting.count == line.utf8.count, !state.hasThread)
    }
    if startsThread { startThread() }
    if isFirst { hasLines.signal() }
  }

  private func startThread() {
    do throws(SystemCallError) {
      try DetachedThread.start(named: "log") { [self] in writeWaiting() }
    } catch {
      // The next line tries again.
      state.withLock { $0.hasThread = false }
    }
  }
}
