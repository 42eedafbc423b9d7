import CLinux
import Dispatch
import Glibc
import HTTPCore
import Linux
import TestSupport
import Testing

@testable import FastCGI

/// Tests of the signs of life for a supervisor.
@Suite(.timeLimit(.minutes(5)))
struct WatchdogTests {
  /// Plays the supervisor.
  private final class Supervisor {
    private let folder: TemporaryFolder
    private let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    let notification: SupervisorNotification

    init() throws {
      folder = try TemporaryFolder()
      try #require(linux_bind_unix(descriptor, folder.path("notify")) == 0)
      notification = SupervisorNotification(environment: [
        "NOTIFY_SOCKET": folder.path("notify"), "WATCHDOG_USEC": "200000", "WATCHDOG_PID": "\(getpid())",
      ])
    }

    deinit {
      close(descriptor)
    }

    /// Returns what the process has told, and forgets it.
    func told() -> [String] {
      var all: [String] = []
      var text = [UInt8](repeating: 0, count: 100)
      while case let count = recv(descriptor, &text, text.count, Int32(MSG_DONTWAIT)), count > 0 {
        all.append(String(decoding: text.prefix(count), as: UTF8.self))
      }
      return all
    }
  }

  @Test func tellsOnlyWhileAllWorkersMakeProgress() async throws {
    let supervisor = try Supervisor()
    let (isBlocked, goesOn) = (Observations(), DispatchSemaphore(value: 0))
    let running = try RunningResponder(workers: 2, supervisor: supervisor.notification) { _ in
      isBlocked.add("blocked")
      Self.block(until: goesOn)
      return .text("")
    }
    var told: [String] = []
    #expect(
      try await eventually {
        told += supervisor.told()
        return told.count > 5
      })
    #expect(told.first == "READY=1")
    #expect(Set(told.dropFirst()) == ["WATCHDOG=1"])

    // One of the two workers hangs, and the other one still answers the poll.
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/"))
    #expect(try await isBlocked.reach(1))
    try await Task.sleep(for: .milliseconds(300))
    _ = supervisor.told()
    try await Task.sleep(for: .milliseconds(500))
    #expect(supervisor.told() == [])

    goesOn.signal()
    #expect(try await client.readAnswer()?.status == 200)
    #expect(try await eventually { !supervisor.told().isEmpty })
  }

  private static func block(until semaphore: DispatchSemaphore) {
    semaphore.wait()
  }

  @Test func isNotAskedForByEveryEnvironment() {
    let base = ["NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "200000"]
    #expect(SupervisorNotification(environment: base).watchdogTimeout == .milliseconds(200))
    for change in [
      ["WATCHDOG_PID": "1"], ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "x"], ["NOTIFY_SOCKET": ""],
    ] {
      let environment = base.merging(change) { $1 }
      #expect(SupervisorNotification(environment: environment).watchdogTimeout == nil, "\(change)")
    }
  }
}
