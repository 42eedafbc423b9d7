import Foundation
import Glibc
import HTTPCore
import HTTPTypes
import Linux
import Logging
import Synchronization
import SystemPackage

@testable import FastCGI

/// A responder on its own socket, with a handler that the test provides.
final class RunningResponder {
  let responder: Responder
  private let folder: URL
  private let path: String

  init(
    workers: Int = 2, maximumBodySize: Int = 1 << 20,
    handler: @escaping @Sendable (Request) async -> Response
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "eventlog-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "s").path
    var configuration = Responder.Configuration()
    configuration.workers = workers
    configuration.maximumBodySize = maximumBodySize
    var logger = Logger(label: "test", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = .critical
    responder = try Responder(
      listener: ListeningSocket(bind: .unix(path: path)), configuration: configuration, logger: logger,
      handler: handler)
    try responder.start()
  }

  deinit {
    responder.drain()
    try? FileManager.default.removeItem(at: folder)
  }

  func connect() throws -> RecordClient {
    try RecordClient(path: path)
  }

  /// Returns whether the responder stops, after waiting for some time if necessary.
  func stops() async -> Bool {
    await eventually { self.isStopped }
  }

  var isStopped: Bool {
    var descriptors = [pollfd(fd: responder.isStopped.descriptor.rawValue, events: Int16(POLLIN), revents: 0)]
    return poll(&descriptors, 1, 0) == 1
  }
}

/// Waits until a condition holds, for at most 20 seconds.
///
/// - Returns: whether the condition holds.
private func eventually(_ condition: () -> Bool) async -> Bool {
  for _ in 0..<2000 {
    if condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return condition()
}

/// What handlers observed, for the test to check.
final class Observations: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock(\.self) }

  func add(_ line: String) {
    lines.withLock { $0.append(line) }
  }

  /// Waits until at least `count` lines have been added.
  ///
  /// - Returns: whether that many lines were added in time.
  func reach(_ count: Int) async -> Bool {
    await eventually { self.all.count >= count }
  }
}

/// Holds tasks until it is opened.
final class Gate: Sendable {
  private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

  func pass() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
