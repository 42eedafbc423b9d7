import HTTPCore
import Testing

@testable import FastCGI

struct RequestMeterTests {
  private static func answer(_ meter: RequestMeter, _ id: String, status: Int = 200, _ duration: Duration) {
    meter.requestStarted()
    meter.requestEnded(status: status, duration: duration) { (id, "GET", "/\(id)") }
  }

  @Test func countsAnswersByClassAndByDuration() {
    let meter = RequestMeter()
    Self.answer(meter, "a", .microseconds(900))
    Self.answer(meter, "b", status: 304, .milliseconds(5))
    Self.answer(meter, "c", status: 503, .seconds(60))
    let statistics = meter.statistics()
    #expect(statistics.answered == [0, 0, 1, 1, 0, 1])
    #expect(statistics.durations.map(\.count) == [1, 2, 2, 2, 2, 2, 2], "a minute is beyond the last bound")
    #expect(statistics.totalDuration == .microseconds(60_005_900))
    #expect(statistics.requestsInFlight == 0)
  }

  @Test func keepsTheTenSlowest() {
    let meter = RequestMeter()
    for number in (1...30).shuffled() { Self.answer(meter, "\(number)", .milliseconds(number)) }
    #expect(meter.statistics().slowest.map(\.id) == (21...30).reversed().map { "\($0)" })
  }

  @Test func tellsConnectionsThatWaitFromThoseThatDoNot() {
    let meter = RequestMeter()
    for _ in 1...3 { meter.connectionOpened() }
    meter.connectionClosed()
    meter.requestStarted()
    let statistics = meter.statistics()
    #expect(statistics.acceptedConnections == 3)
    #expect(statistics.openConnections == 2)
    #expect(statistics.idleConnections == 1)
    #expect(statistics.requestsInFlight == 1)
  }

  @Test func cutsALongTarget() {
    let meter = RequestMeter()
    meter.requestStarted()
    meter.requestEnded(status: 200, duration: .seconds(1)) {
      ("a", "GET", "/" + String(repeating: "x", count: 10_000))
    }
    #expect(meter.statistics().slowest[0].target.count == 200)
  }
}
