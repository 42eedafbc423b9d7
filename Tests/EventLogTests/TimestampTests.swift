import EventLog
import Testing

struct TimestampTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"),
      (-1, "1969-12-31T23:59:59.999Z"),
      (1_705_329_000_000, "2024-01-15T14:30:00.000Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (951_868_800_000, "2000-03-01T00:00:00.000Z"),
      (1_709_164_800_123, "2024-02-29T00:00:00.123Z"),
      (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
      (4_107_456_000_000, "2100-02-28T00:00:00.000Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
      (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func isWrittenInUTCWithThreeDecimals(_ milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).description == text)
  }

  @Test func tellsTheTimeOfTheExamples() {
    #expect(
      Event.examples.map(\.timestamp.description) == [
        "2024-01-15T14:30:00.000Z", "2024-01-15T15:00:00.000Z", "2024-01-15T15:05:00.000Z",
      ])
  }
}
