import Linux
import Synchronization

/// The work of the worker threads.
extension Responder {
  /// How many bytes of a request are checked before it is read; a request without a body from nginx has at most 65,582.
  private static let lookAheadSize = 66_560
  /// How many descriptors a worker handles at once.
  private static let batchSize = 16

  /// Waits for descriptors to become ready and handles them until the responder stops.
  ///
  /// - Parameter progress: counts what this worker has done.
  func work(_ progress: WorkerProgress) {
    let receiver = LibfcgiReader(maximumBodySize: configuration.maximumBodySize)
    var lookAhead = [UInt8](repeating: 0, count: Self.lookAheadSize)
    var ready = Epoll.Batch(capacity: Self.batchSize)
    while true {
      poll.wait(into: &ready)
      meter.workerBecameBusy(true)
      progress.begin()
      defer {
        progress.end()
        meter.workerBecameBusy(false)
      }
      for index in 0..<ready.count {
        let (key, readiness) = ready[index]
        switch key {
        case Key.listener: acceptWaiting()
        case Key.jobs: executor.runShare()
        case Key.stop: return
        case Key.clock: endLateRequests()
        case Key.watchdog: reportProgress()
        default:
          guard let connection = connections.withLock({ $0.all[key] }) else { continue }
          switch connection.take(readiness) {
          case .nothing: break
          case .receive: receive(on: connection, receiver: receiver, lookAhead: &lookAhead)
          case .receiveRest(let request):
            receiveRest(of: request, on: connection, receiver: receiver, lookAhead: &lookAhead)
          case .abandon(let request): abandon(request, on: connection)
          }
        }
      }
    }
  }

  /// Gives the supervisor a sign of life if all workers make progress.
  private func reportProgress() {
    if watchdog.tick() { supervisor.alive() }
    poll.arm(watchdog.timer.descriptor, .readable, key: Key.watchdog)
  }
}
