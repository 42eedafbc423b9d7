import EventLog
import EventLogAPI
import HTTPCore
import HTTPTypes
import JSON
import Synchronization
import TestSupport
import Testing
import Text

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

  @Test func answers503WhileTheStoreDoesNotAnswer() async throws {
    let store = HangingStore()
    let api = APIUnderTest(store: store)
    #expect(try await api.get("/health").status == .ok)
    store.hangs(true)
    // An answer is good for a tenth of a second. Whoever asks the store after that waits for it, and nobody else does.
    try await Task.sleep(for: .milliseconds(200))
    let waiting = Task { try await api.get("/health").status }
    try await store.untilAsked()
    let deadline = ContinuousClock.now + patience
    while try await api.get("/health").status == .ok, ContinuousClock.now < deadline {
      try await Task.sleep(for: .milliseconds(50))
    }
    let response = try await api.get("/health")
    #expect(response.status == .serviceUnavailable)
    #expect(try await response.object()["reason"] as? String == "the store cannot be used")
    store.hangs(false)
    #expect(try await waiting.value == .ok)
    #expect(try await api.get("/health").status == .ok)
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
    let periods = Int((ContinuousClock.now - start) / .milliseconds(100))
    #expect((1...periods + 1).contains(store.count), "an answer is good for a tenth of a second")
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

/// A store that does not answer for as long as a test wants.
private final class HangingStore: WrappingStore {
  let log = MemoryEventStore()
  private let state = Mutex((hangs: false, isAsked: false))

  func hangs(_ hangs: Bool) {
    state.withLock { $0 = (hangs, false) }
  }

  func untilAsked() async throws {
    #expect(try await eventually { state.withLock { $0.isAsked } })
  }

  func checkAvailability() async throws(EventStoreError) {
    while state.withLock({ state in
      state.isAsked = true
      return state.hangs
    }) {
      try? await Task.sleep(for: .milliseconds(10))
    }
  }
}
