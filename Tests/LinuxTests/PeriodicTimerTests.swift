import Glibc
import Linux
import SystemPackage
import Testing

struct PeriodicTimerTests {
  @Test func ticksUntilItIsStopped() throws {
    let timer = try PeriodicTimer()
    #expect(!ticks(timer, within: 50))
    timer.start(every: .milliseconds(20))
    for _ in 0..<3 {
      #expect(ticks(timer, within: 60_000))
      timer.clear()
    }
    timer.stop()
    timer.clear()
    #expect(!ticks(timer, within: 100))
  }

  private func ticks(_ timer: PeriodicTimer, within milliseconds: Int32) -> Bool {
    var descriptors = pollfd(fd: timer.descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    return poll(&descriptors, 1, milliseconds) == 1
  }
}
