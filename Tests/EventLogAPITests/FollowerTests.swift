import HTTPCore
import Synchronization
import TestSupport
import Testing

@testable import EventLogAPI

/// Tests of what waits for a client of the feed, and of what it is sent at once.
@Suite(.timeLimit(.minutes(5)))
struct FollowerTests {
  /// A client that takes what it is offered as the test says.
  private final class Client: BodyWriter {
    private struct State {
      var offer = Offer.accepted
      var offered: [[UInt8]] = []
      var isAbandoned = false
    }

    private let state = Mutex(State())

    var offered: [[UInt8]] { state.withLock(\.offered) }
    var isAbandoned: Bool { state.withLock(\.isAbandoned) }

    func takes(_ offer: Offer) { state.withLock { $0.offer = offer } }

    func write(_ bytes: [UInt8]) async throws {}

    func offer(_ bytes: [UInt8]) -> Offer {
      state.withLock { state in
        if state.offer != .refused { state.offered.append(bytes) }
        return state.offer
      }
    }

    func abandon() { state.withLock { $0.isAbandoned = true } }
  }

  private let client = Client()
  private let meter = StreamMeter()

  private func follower() -> Follower { Follower(number: 1, after: nil, body: client, meter: meter) }

  @Test func sendsAtOnceWhatTheClientTakes() async throws {
    let follower = follower()
    let next = Task { try await follower.next() }
    #expect(try await eventually { follower.isWaiting })
    for byte: UInt8 in 1...3 { follower.push([byte]) }
    #expect(client.offered == [[1], [2], [3]] && follower.isIdle)
    client.takes(.begun)
    follower.push([4])
    // The rest of what was begun is sent first, and all that comes meanwhile waits.
    follower.push([5])
    var rest = try await next.value
    #expect(client.offered == [[1], [2], [3], [4]])
    follower.close()
    do { while true { rest += try await follower.next() } } catch Follower.End.closed {}
    #expect(rest == [5])
  }

  @Test func keepsWhatIsRefused() async throws {
    client.takes(.refused)
    let follower = follower()
    let next = Task { try await follower.next() }
    #expect(try await eventually { follower.isWaiting })
    follower.push([1])
    #expect(try await next.value == [1])
    follower.push([2])
    follower.push([3])
    #expect(try await follower.next() == [2, 3])
    #expect(client.offered.isEmpty)
  }

  @Test func keepsABoundedAmountForWhoTakesNothing() async throws {
    let follower = follower()
    let part = [UInt8](repeating: 0, count: 100_000)
    for _ in 0..<2 { follower.push(part) }
    #expect(try await follower.next().count == 200_000)
    for _ in 0..<2 { follower.push(part) }
    #expect(!client.isAbandoned && meter.statistics.abandoned == 0)
    for _ in 0..<3 { follower.push(part) }
    #expect(client.isAbandoned && meter.statistics.abandoned == 1)
    await #expect(throws: Follower.End.isTooSlow) { try await follower.next() }
  }

  /// The part that would be too much is not kept either.
  @Test func keepsNoMoreThanItsBound() {
    let follower = follower()
    follower.push([UInt8](repeating: 0, count: Follower.maximumSize - 1))
    follower.push([1])
    #expect(!client.isAbandoned)
    follower.push([2])
    #expect(client.isAbandoned)
  }

  /// A single event that is larger is sent all the same.
  @Test func keepsOnePartOfAnySize() async throws {
    let follower = follower()
    follower.push([UInt8](repeating: 0, count: 300_000))
    follower.close()
    #expect(try await follower.next().count == 300_000)
    await #expect(throws: Follower.End.closed) { try await follower.next() }
  }

  @Test func endsWhenItsTaskIsCancelled() async throws {
    let follower = follower()
    let next = Task { try await follower.next() }
    #expect(try await eventually { follower.isWaiting })
    next.cancel()
    await #expect(throws: CancellationError.self) { try await next.value }
    // Nobody sends any more, so nothing is offered.
    follower.push([1])
    #expect(client.offered.isEmpty)
  }
}
