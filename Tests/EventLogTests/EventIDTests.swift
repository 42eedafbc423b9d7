import EventLog
import Testing

struct EventIDTests {
  @Test(arguments: [
    (1, "evt_001"), (42, "evt_042"), (999, "evt_999"), (1000, "evt_1000"),
    (999_999_999_999_999_999, "evt_999999999999999999"),
  ])
  func isWrittenAndReadInOneSpelling(_ number: Int64, text: String) throws {
    #expect(EventID(number)?.description == text)
    #expect(EventID(text)?.number == number)
  }

  @Test(arguments: [
    "", "evt_", "evt_1", "evt_1000000000000000000", "evt_9223372036854775807", "evt_01", "evt_0001",
    "evt_000", "evt_-01", "evt_+01", "001", "EVT_001", "evt_001 ",
    "evt_٠٠١",
    "evt_9223372036854775808",
  ])
  func readsNoOtherSpelling(_ text: String) {
    #expect(EventID(text) == nil)
  }

  @Test func isPositive() {
    #expect(EventID(0) == nil)
    #expect(EventID(-1) == nil)
  }

  @Test func comparesAsAnInteger() throws {
    #expect(try #require(EventID(1000)) > #require(EventID(999)))
  }
}
