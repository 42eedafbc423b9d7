import Glibc
import Linux
import SystemPackage
import Testing

@testable import FastCGI

struct ArrivingRequestTests {
  /// - Returns: what libfcgi reads from a request that arrived in pieces of `size` bytes.
  private func receive(
    _ bytes: [UInt8], pieces size: Int, maximumBodySize: Int = 100
  ) throws -> LibfcgiReader.Received? {
    let request = ArrivingRequest(maximumBodySize: maximumBodySize)
    for start in stride(from: 0, to: bytes.count, by: size) {
      _ = request.append(bytes[start...].prefix(size))
    }
    let file = try request.makeFile()
    let received = LibfcgiReader(maximumBodySize: maximumBodySize).receive(from: file)
    if received != nil { try file.close() }
    return received
  }

  @Test(arguments: [1, 2, 7, 8, 9, 31, 1000])
  func isTheSameInPieces(ofSize size: Int) throws {
    LibfcgiReader.initializeLibrary()
    let bytes = RecordClient.request("POST", "/a", body: Array("hello".utf8), keeps: false)
    let received = try #require(try receive(bytes, pieces: size))
    #expect(received.requestID == 1)
    #expect(received.isResponder)
    #expect(!received.keepsConnection)
    #expect(received.variables["REQUEST_URI"].map(Array.init) == Array("/a".utf8))
    guard case .whole(Array("hello".utf8)) = received.content else {
      Issue.record("the content is \(received.content)")
      return
    }
  }

  @Test(arguments: [1, 100, 10_000])
  func isTooLargeInPieces(ofSize size: Int) throws {
    LibfcgiReader.initializeLibrary()
    let bytes = RecordClient.request("POST", "/", body: [UInt8](repeating: 65, count: 5000))
    guard case .tooLarge = try #require(try receive(bytes, pieces: size)).content else {
      Issue.record("the content is not too large")
      return
    }
  }

  @Test func isBrokenWhenTheBodyIsCut() throws {
    LibfcgiReader.initializeLibrary()
    let bytes = RecordClient.request("POST", "/", body: Array("hello".utf8)).dropLast(Record.headerSize)
    guard case .broken = try #require(try receive(Array(bytes), pieces: 50)).content else {
      Issue.record("the content is not broken")
      return
    }
  }

  @Test func isNothingUntilItsParamsHaveEnded() throws {
    let head = RecordClient.head("POST", "/", length: 5)
    let body = RecordClient.stdin(Array("hello".utf8))
    for size in 0..<head.count + body.count {
      let end = try end(of: (head + body).prefix(size))
      #expect(end == (size < head.count ? .nothing : .cut), "\(size) bytes")
    }
  }

  /// A body that is a little too large is heard out, since the connection can then be kept.
  @Test(arguments: [(15 << 20, ArrivingRequest.End.whole(isAlone: true)), (17 << 20, .cut)])
  func isCutWhenItIsFarTooLarge(_ size: Int, end: ArrivingRequest.End) throws {
    var bytes = RecordClient.head("POST", "/", length: size)
    Record.append([UInt8](repeating: 65, count: size), as: Record.Kind.stdin, requestID: 1, to: &bytes)
    Record.appendHeader(Record.Kind.stdin, requestID: 1, contentSize: 0, to: &bytes)
    let file = try FileDescriptor.memoryFile(named: "request")
    defer { try? file.close() }
    try file.write(all: bytes)
    try file.seek(offset: 0, from: .start)
    #expect(ArrivingRequest(maximumBodySize: 100).receive(from: file) == end)
  }

  /// - Returns: how a request ends if its peer has closed the connection after these bytes.
  private func end(of bytes: ArraySlice<UInt8>) throws -> ArrivingRequest.End {
    var pair: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
    defer { close(pair[0]) }
    send(pair[1], Array(bytes), bytes.count, 0)
    close(pair[1])
    return ArrivingRequest(maximumBodySize: 100).receive(from: FileDescriptor(rawValue: pair[0]))
  }
}
