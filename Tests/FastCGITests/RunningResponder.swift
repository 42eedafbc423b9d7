import Foundation
import Glibc
import HTTPCore
import HTTPTypes
import Linux
import Logging
import Synchronization
import SystemPackage
import TestSupport

@testable import FastCGI

/// A responder on two sockets of its own, with a handler that the test provides.
///
/// It is as patient with silent peers as the tests are, so that it closes no connection of a test that only lacks a
/// processor.
final class RunningResponder {
  let responder: Responder
  private let folder: URL
  private let path: String

  init(
    workers: Int = 2, maximumBodySize: Int = 1 << 20, requestTimeout: Duration = patience,
    supervisor: SupervisorNotification = SupervisorNotification(environment: [:]),
    handler: @escaping @Sendable (Request) async -> Response
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "eventlog-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "s").path
    var configuration = Responder.Configuration()
    configuration.workers = workers
    configuration.maximumBodySize = maximumBodySize
    configuration.requestTimeout = requestTimeout
    var logger = Logger(label: "test", factory: { StreamLogHandler.standardError(label: $0) })
    logger.logLevel = .critical
    responder = try Responder(
      listeners: [path, path + "2"].map { try ListeningSocket(bind: .unix(path: $0)) },
      configuration: configuration, logger: logger, supervisor: supervisor, handler: handler)
    try responder.start()
  }

  deinit {
    responder.drain()
    try? FileManager.default.removeItem(at: folder)
  }

  func connect(toSecond isSecond: Bool = false) throws -> RecordClient {
    try RecordClient(path: isSecond ? path + "2" : path)
  }

  /// Returns whether the responder stops, after waiting for some time if necessary.
  func stops() async throws -> Bool {
    try await eventually { self.isStopped }
  }

  var isStopped: Bool {
    var descriptors = [pollfd(fd: responder.isStopped.descriptor.rawValue, events: Int16(POLLIN), revents: 0)]
    return poll(&descriptors, 1, 0) == 1
  }
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
  func reach(_ count: Int) async throws -> Bool {
    try await eventually { self.all.count >= count }
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
