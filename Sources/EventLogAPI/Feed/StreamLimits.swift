import EventLog
import HTTPCore
import HTTPTypes
import Synchronization

/// How many streams there may be, in all and for one client. Clients on this machine are not limited.
public final class StreamLimits: Sendable {
  let maximum: Int
  let maximumPerClient: Int
  /// Counts what happens to the streams.
  public let meter = StreamMeter()

  private struct State {
    var count = 0
    var clients: [Client: Int] = [:]
  }

  private let state = Mutex(State())

  /// - Parameters:
  ///   - maximum: the most streams of all clients.
  ///   - maximumPerClient: the most streams of one client.
  public init(maximum: Int = 10_000, maximumPerClient: Int = 100) {
    self.maximum = maximum
    self.maximumPerClient = maximumPerClient
  }

  /// The number of streams.
  public var count: Int { state.withLock(\.count) }

  /// The place of a stream, which is free again when nobody holds it.
  final class Place: Sendable {
    private let limits: StreamLimits
    private let client: Client?

    fileprivate init(_ limits: StreamLimits, _ client: Client?) {
      self.limits = limits
      self.client = client
    }

    deinit { limits.release(client) }
  }

  /// Takes a place.
  ///
  /// - Parameter request: the request for a stream.
  /// - Returns: the place.
  /// - Throws: 503 when there is none.
  func place(for request: Request) throws(ProblemDetails) -> Place {
    let isLoopback = request.clientAddress.flatMap(IPAddress.init)?.isLoopback ?? true
    let client = isLoopback ? nil : request.client
    let refusal = state.withLock { state -> String? in
      if state.count >= maximum { return "There are already \(maximum) streams." }
      if let client {
        let own = state.clients[client] ?? 0
        if own >= maximumPerClient { return "This client already has \(maximumPerClient) streams." }
        state.clients[client] = own + 1
      }
      state.count += 1
      return nil
    }
    if let refusal {
      meter.streamRefused()
      throw ProblemDetails(.serviceUnavailable, detail: refusal, fields: [.retryAfter: "30"])
    }
    meter.streamOpened()
    return Place(self, client)
  }

  private func release(_ client: Client?) {
    state.withLock { state in
      state.count -= 1
      guard let client, let own = state.clients[client] else { return }
      state.clients[client] = own > 1 ? own - 1 : nil
    }
  }
}
