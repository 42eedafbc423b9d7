import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import JSON
import Synchronization
import TestSupport
import Testing

/// Tests of `GET /health`.
struct GetHealthTests {
  @Test func answersOKWhenTheStoreAnswers() async throws {
    let response = try await APIUnderTest(store: MemoryEventStore()).get("/health")
    #expect(response.status == .ok)
    #expect(String(decoding: try await response.bytes(), as: UTF8.self) == #"{"status":"ok"}"#)
    #expect(response.fields[.cacheControl] == "no-store")
  }

  @Test(arguments: [
    (EventStoreError.Reason.unavailable, Availability.Failure.store), (.busy, .waiting), (.full, .full),
    (.displaced, .displaced), (.migrating, .migrating),
  ])
  func answers503WithTheReasonWhenTheStoreFails(
    _ reason: EventStoreError.Reason, _ failure: Availability.Failure
  ) async throws {
    let api = APIUnderTest(store: FailingStore(reason, cause: "secret"))
    let response = try await api.get("/health")
    #expect(response.status == .serviceUnavailable)
    #expect(
      String(decoding: try await response.bytes(), as: UTF8.self)
        == #"{"status":"unavailable","reason":"\#(failure.rawValue)"}"#)
  }

  @Test func answers503WhenTheProcessIsGoingToEnd() async throws {
    let api = APIUnderTest(store: MemoryEventStore())
    #expect(try await api.get("/health").status == .ok)
    api.availability.withdraw()
    let response = try await api.get("/health")
    #expect(response.status == .serviceUnavailable)
    #expect(try await response.object()["reason"] as? String == "the process is about to end")
  }

  @Test func describesEveryReason() {
    let reasons = OpenAPI.document["components"]?["schemas"]?["Health"]?["properties"]?["reason"]?["enum"]
    #expect(reasons == .array(Availability.Failure.allCases.map { .string($0.rawValue) }))
  }

  @Test func answersOKToAllWhoAskBeforeTheFirstAnswer() async throws {
    let api = APIUnderTest(store: CountingStore())
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<20 { group.addTask { try await api.get("/health").status.code } }
      for try await code in group { #expect(code == 200) }
    }
  }

  @Test func asksTheStoreOnceForMany() async throws {
    let store = CountingStore()
    let api = APIUnderTest(store: store)
    let start = ContinuousClock.now
    for _ in 0..<100 { #expect(try await api.get("/health").status == .ok) }
    let seconds = Int((ContinuousClock.now - start) / .seconds(1))
    #expect((1...seconds + 1).contains(store.count), "an answer is good for a second")
  }
}

/// A store that counts how often it is asked for its state.
private final class CountingStore: WrappingStore {
  let log = MemoryEventStore()
  private let asked = Mutex(0)

  var count: Int { asked.withLock(\.self) }

  func state() async throws(EventStoreError) -> LogState {
    asked.withLock { $0 += 1 }
    await Task.yield()
    return try await log.state()
  }
}
