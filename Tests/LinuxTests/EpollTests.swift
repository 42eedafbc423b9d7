import Linux
import SystemPackage
import Testing

struct EpollTests {
  @Test func findsADescriptorByItsKey() throws {
    let poll = try Epoll()
    let flags = [try ReadableFlag(), try ReadableFlag()]
    for (key, flag) in zip(7..., flags) { try poll.add(flag.descriptor, .readable, key: UInt64(key)) }
    var ready = Epoll.Batch(capacity: 4)
    flags[1].set()
    poll.wait(into: &ready)
    #expect(ready.count == 1)
    #expect(ready[0].key == 8 && ready[0].readiness == .readable)

    flags[1].clear()
    flags[0].set()
    poll.wait(into: &ready)
    #expect(ready.count == 1 && ready[0].key == 7)
  }

  @Test func waitsForAOneShotAgainWhenItIsArmed() throws {
    let poll = try Epoll()
    let (once, always) = (try ReadableFlag(), try ReadableFlag())
    once.set()
    always.set()
    try poll.add(once.descriptor, [.readable, .oneShot], key: 1)
    try poll.add(always.descriptor, .readable, key: 2)
    var ready = Epoll.Batch(capacity: 4)
    func keys() -> Set<UInt64> {
      poll.wait(into: &ready)
      return Set((0..<ready.count).map { ready[$0].key })
    }
    #expect(keys() == [1, 2])
    #expect(keys() == [2])
    poll.arm(once.descriptor, .readable, key: 1)
    #expect(keys() == [1, 2])
  }
}
