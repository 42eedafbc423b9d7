import CLinux
import Foundation
import Glibc
import Linux
import TestSupport
import Testing

struct ListeningSocketTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path("s")
  }

  @Test func letsOnlyOwnerAndGroupConnect() throws {
    let socket = try ListeningSocket(bind: .unix(path: path))
    var information = stat()
    #expect(lstat(path, &information) == 0)
    #expect(information.st_mode & 0o777 == 0o660)
    socket.close()
  }

  @Test func refusesAPathWhereSomebodyAnswers() throws {
    let socket = try ListeningSocket(bind: .unix(path: path))
    defer { socket.close() }
    let error = #expect(throws: ListeningSocket.Failure.self) {
      try ListeningSocket(bind: .unix(path: path))
    }
    #expect(error?.description.contains("--replace") == true)
    try connect()
  }

  /// Somebody who is too busy to accept is not gone.
  @Test func refusesAPathWhoseQueueIsFull() throws {
    let owner = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(owner) }
    try #require(linux_bind_unix(owner, path) == 0 && listen(owner, 0) == 0)
    var waiting: [Int32] = []
    defer { for peer in waiting { close(peer) } }
    var failure: Int32 = 0
    while failure == 0, waiting.count < 100 {
      let peer = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
      waiting.append(peer)
      if linux_connect_unix(peer, path) != 0 { failure = errno }
    }
    try #require(failure == EAGAIN)
    let error = #expect(throws: ListeningSocket.Failure.self) {
      try ListeningSocket(bind: .unix(path: path))
    }
    #expect(error?.description.contains("--replace") == true)
    #expect(try folder.names == ["s"])
    // The path still leads to its owner, whose queue has room again.
    let accepted = linux_accept(owner)
    try #require(accepted >= 0)
    close(accepted)
    try connect()
  }

  @Test func takesThePlaceOfALiveOne() throws {
    let old = try ListeningSocket(bind: .unix(path: path))
    let new = try ListeningSocket(bind: .unix(path: path), replaces: true)
    // The old socket leaves the path alone, because the path no longer belongs to it.
    #expect(old.retire())
    old.close()
    try connect()
    #expect(new.retire())
    new.close()
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  /// Where two containers share a volume, both processes may have the id 1.
  @Test func leavesAloneWhatAnotherProcessWithTheSameIdIsBinding() throws {
    let other = "\(path).\(getpid())"
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    try #require(linux_bind_unix(descriptor, other) == 0)
    let bound = try ListeningSocket(bind: .unix(path: path), replaces: true)
    #expect(FileManager.default.fileExists(atPath: other))
    bound.close()
  }

  @Test func answersAtThePathHoweverManyTakeItAtTheSameTime() async throws {
    let path = path
    for _ in 0..<20 {
      let sockets = try await withThrowingTaskGroup { group in
        for _ in 0..<8 { group.addTask { try ListeningSocket(bind: .unix(path: path), replaces: true) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      try connect()
      for socket in sockets { socket.close() }
    }
    #expect(try folder.names == ["s"])
  }

  @Test func takesThePlaceOfADeadOne() throws {
    try ListeningSocket(bind: .unix(path: path)).close()
    #expect(FileManager.default.fileExists(atPath: path))
    let socket = try ListeningSocket(bind: .unix(path: path))
    try connect()
    socket.close()
  }

  @Test func leavesAFileAlone() throws {
    try Data("precious".utf8).write(to: URL(filePath: path))
    for replaces in [false, true] {
      let error = #expect(throws: ListeningSocket.Failure.self) {
        try ListeningSocket(bind: .unix(path: path), replaces: replaces)
      }
      #expect(error?.description == "\(path) exists and is not a socket")
    }
    #expect(try String(contentsOf: URL(filePath: path), encoding: .utf8) == "precious")
  }

  @Test func leavesNothingBehindWhenItFails() throws {
    let error = #expect(throws: ListeningSocket.Failure.self) {
      try ListeningSocket(bind: .unix(path: path), group: "no such group")
    }
    #expect(error?.description == "the group no such group does not exist")
    #expect(try folder.names == [])
  }

  @Test(arguments: [
    ("unix:/run/s", ListenAddress.unix(path: "/run/s") as ListenAddress?),
    ("127.0.0.1:9000", .loopback(port: 9000, isIPv6: false)),
    ("localhost:1", .loopback(port: 1, isIPv6: false)),
    ("[::1]:65535", .loopback(port: 65_535, isIPv6: true)),
    ("0.0.0.0:9000", nil), ("192.168.0.1:9000", nil), ("127.0.0.1:0", nil), ("127.0.0.1:65536", nil),
    ("unix:", nil), ("9000", nil), ("", nil), ("unix:a\0b", nil),
    ("unix:" + String(repeating: "x", count: 99), .unix(path: String(repeating: "x", count: 99))),
    ("unix:" + String(repeating: "x", count: 100), nil),
  ])
  func readsAnAddress(_ text: String, address: ListenAddress?) {
    #expect(ListenAddress(text) == address)
  }

  private func connect() throws {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    try #require(linux_connect_unix(descriptor, path) == 0)
  }
}
