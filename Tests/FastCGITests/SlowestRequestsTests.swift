import HTTPCore
import Testing

@testable import FastCGI

struct SlowestRequestsTests {
  private static let start = ContinuousClock.now

  private static func add(_ seconds: Int, at minute: Int, to slowest: inout SlowestRequests) {
    slowest.add(.seconds(seconds), at: start + .seconds(60 * minute)) {
      ServerStatistics.Answered(
        id: "\(seconds)", method: "GET", target: "/", status: 200, duration: .seconds(seconds), age: .zero)
    }
  }

  private static func ids(of slowest: inout SlowestRequests, at minute: Int) -> [String] {
    slowest.all(at: start + .seconds(60 * minute)).map(\.id)
  }

  @Test func remembersWhatSlowerOnesPushedOutThatAreTooOldByNow() {
    var slowest = SlowestRequests(at: Self.start)
    for seconds in 11...20 { Self.add(seconds, at: 1, to: &slowest) }
    for seconds in 1...10 { Self.add(seconds, at: 6, to: &slowest) }
    #expect(Self.ids(of: &slowest, at: 9) == (11...20).reversed().map(String.init))
    #expect(Self.ids(of: &slowest, at: 10) == (1...10).reversed().map(String.init))
    #expect(Self.ids(of: &slowest, at: 15).isEmpty)
  }

  @Test func forgetsEverythingAfterALongSilence() {
    var slowest = SlowestRequests(at: Self.start)
    Self.add(1, at: 0, to: &slowest)
    #expect(Self.ids(of: &slowest, at: 600).isEmpty)
    Self.add(2, at: 601, to: &slowest)
    #expect(Self.ids(of: &slowest, at: 602) == ["2"])
  }

  @Test func tellsTheAge() {
    var slowest = SlowestRequests(at: Self.start)
    Self.add(1, at: 2, to: &slowest)
    #expect(slowest.all(at: Self.start + .seconds(180)).map(\.age) == [.seconds(60)])
  }
}
