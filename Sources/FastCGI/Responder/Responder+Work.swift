import Linux
import Synchronization

/// The work of the worker threads.
extension Responder {
  /// How many bytes of a request are checked before it is read; a request without a body from nginx has at most 65,582.
  private static let lookAheadSize = 66_560
  /// How many descriptors a worker handles at once.
  private static let batchSize = 16

  /// Waits for descriptors to become ready and handles them until the responder stops.
  func work() {
    let receiver = LibfcgiReader(maximumBodySize: configuration.maximumBodySize)
    var lookAhead = [UInt8](repeating: 0, count: Self.lookAheadSize)
    var ready = Epoll.Batch(capacity: Self.batchSize)
    while true {
      poll.wait(into: &ready)
      meter.workerBecameBusy(true)
      defer { meter.workerBecameBusy(false) }
      for index in 0..<ready.count {
        let (key, readiness) = ready[index]
        switch key {
        case Key.listener: acceptWaiting()
        case Key.jobs: executor.runShare()
        case Key.stop: return
        default:
          guard let connection = connections.withLock({ $0.all[key] }), connection.take(readiness) else {
            continue
          }
          receive(on: connection, receiver: receiver, lookAhead: &lookAhead)
        }
      }
    }
  }
}
