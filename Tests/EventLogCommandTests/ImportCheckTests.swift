import EventLog
import EventLogFormats
import Testing

@testable import EventLogCommand

/// Tests what an import takes from a file.
struct ImportCheckTests {
  /// Returns a line of NDJSON.
  private static func line(_ id: String? = nil, isDated: Bool = false, message: String = "m") -> String {
    let date = isDated || id != nil ? #""timestamp":"2024-01-15T14:30:00.000Z","# : ""
    let own = (id.map { #""id":"\#($0)","# } ?? "") + date
    return "{\(own)\"type\":\"info\",\"source\":\"s\",\"message\":\"\(message)\"}"
  }

  private static func check(
    _ lines: [String], keeping: ImportProgress.Keeping? = nil
  ) throws -> ImportCheck {
    var parts = [Array(lines.joined(separator: "\n").utf8), []]
    var reader = EventFileReader { parts.removeFirst() }
    var check = ImportCheck(keeping: keeping)
    while let entry = try reader.next() {
      let validCount = check.validCount
      #expect(check.take(entry) == (check.validCount > validCount))
    }
    return check
  }

  @Test func takesIDsThatRise() throws {
    let check = try Self.check(["evt_002", "evt_003", "evt_1000"].map { Self.line($0) })
    #expect(check.keeping == .idsAndTimestamps && check.validCount == 3 && check.invalidCount == 0)
    #expect(check.complaints.isEmpty)
  }

  @Test(arguments: ["evt_005", "evt_004", "evt_001"])
  func refusesAnIDThatIsNotAboveTheOneBeforeIt(_ id: String) throws {
    let check = try Self.check(["evt_005", id, "evt_006"].map { Self.line($0) })
    #expect(check.keeping == .idsAndTimestamps && check.validCount == 2 && check.invalidCount == 1)
    #expect(check.complaints == ["2: the id \(id) is not above evt_005, the id before it"])
  }

  @Test(arguments: ["evt_1000000000000000", "evt_999999999999999999"])
  func refusesAnIDThatLeavesNoRoom(_ id: String) throws {
    let check = try Self.check(["evt_005", id, "evt_006", "evt_999999999999999"].map { Self.line($0) })
    #expect(check.validCount == 3)
    #expect(check.complaints == ["2: the id \(id) is too high: it would leave no room for later events"])
  }

  /// What is left out does not count as the id before.
  @Test func comparesWithTheLastIDThatItTook() throws {
    let check = try Self.check(["evt_005", "evt_009", "evt_007", "evt_008", "evt_010"].map { Self.line($0) })
    #expect(check.validCount == 3)
    #expect(
      check.complaints == [
        "3: the id evt_007 is not above evt_009, the id before it",
        "4: the id evt_008 is not above evt_009, the id before it",
      ])
  }

  @Test func refusesAnEventWithoutIDAfterOneThatHasOne() throws {
    let check = try Self.check([Self.line("evt_001"), Self.line()])
    #expect(check.validCount == 1)
    #expect(check.complaints == ["2: it has no id or no timestamp, although the first event has both"])
  }

  @Test func comparesNoIDsWhereNoneAreKept() throws {
    let first = try Self.check([Self.line(), Self.line("evt_002"), Self.line("evt_002")])
    #expect(first.keeping == .nothing && first.validCount == 3 && first.invalidCount == 0)
    let used = try Self.check([Self.line("evt_002"), Self.line("evt_002"), Self.line()], keeping: .nothing)
    #expect(used.keeping == .nothing && used.validCount == 3 && used.invalidCount == 0)
  }

  @Test func keepsTimestampsWhereTheFirstEventHasNoID() throws {
    let check = try Self.check([
      Self.line(isDated: true), Self.line("evt_002"), Self.line("evt_001"), Self.line(),
    ])
    #expect(check.keeping == .timestamps && check.validCount == 3)
    #expect(check.complaints == ["4: it has no timestamp, although the first event has one"])
  }

  @Test func countsEveryComplaintAndKeepsTheFirstTwenty() throws {
    let check = try Self.check([Self.line("evt_001")] + (1...30).map { _ in Self.line(message: "") })
    #expect(check.validCount == 1 && check.invalidCount == 30)
    #expect(check.complaints == (2...21).map { "\($0): message must not be blank" })
  }
}
