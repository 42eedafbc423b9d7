@testable import FastCGI
import Glibc
import HTTPCore

/// The records of one request: what `RequestFraming` calls whole, libfcgi reads to its end without waiting for more,
/// and what is cut it gives up.
enum RecordsTarget {
  /// libFuzzer calls from one thread.
  nonisolated(unsafe) private static let receiver: RequestReceiver = {
    RequestReceiver.initializeLibrary()
    return RequestReceiver(maximumBodySize: 1024)
  }()

  static func test(_ input: [UInt8]) {
    switch RequestFraming(of: input[...]) {
    case .malformed: break
    case .whole(let size):
      require(size <= input.count, "a whole request has arrived")
      require(RequestFraming(of: input[..<size]) == .whole(size: size), "what follows makes no difference")
      require(RequestFraming(of: input[..<(size - 1)]) == .incomplete, "one byte less is not whole")
      // Were more waited for, libFuzzer would call it a timeout.
      receive(Array(input[..<size]), isCut: false)
    case .incomplete: receive(input, isCut: true)
    }
  }

  private static func receive(_ bytes: [UInt8], isCut: Bool) {
    var pair: [Int32] = [-1, -1]
    require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0, "there are descriptors")
    defer { close(pair[1]) }
    // The socket takes it all: libFuzzer's inputs are shorter than its buffer.
    require(send(pair[1], bytes, bytes.count, Int32(MSG_DONTWAIT)) == bytes.count, "it is sent")
    if isCut { shutdown(pair[1], Int32(SHUT_WR)) }
    guard let received = receiver.receive(from: pair[0]) else { return }
    defer { close(pair[0]) }
    if case .whole(let body) = received.content {
      require(body.count == received.variables.contentLength, "what is whole has the declared length")
    }
    if received.content.isDrained {
      var byte: UInt8 = 0
      let left = recv(pair[0], &byte, 1, Int32(MSG_DONTWAIT))
      require(left <= 0, "nothing is left on the connection")
    }
    _ = try? Request(
      received.variables, body: received.content.body(maximumSize: 1024), id: "id")
  }
}
