import SystemPackage
import Testing

@testable import FastCGI

struct ArrivingRequestTests {
  private static func request(maximumBodySize: Int = 100) -> ArrivingRequest {
    ArrivingRequest(limits: ArrivingRequest.Limits(bodySize: maximumBodySize, connections: 50))
  }

  /// - Returns: what libfcgi reads from a request that arrived in pieces of `size` bytes.
  private func receive(
    _ bytes: [UInt8], pieces size: Int, maximumBodySize: Int = 100
  ) throws -> LibfcgiReader.Received? {
    var request = Self.request(maximumBodySize: maximumBodySize)
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

  @Test func knowsHowFarItHasArrived() {
    let head = RecordClient.head("POST", "/", length: 5)
    let bytes = head + RecordClient.stdin(Array("hello".utf8))
    for size in 0...bytes.count {
      var request = Self.request()
      #expect(request.append(bytes.prefix(size)) == .incomplete)
      #expect(request.isEmpty == (size == 0))
      #expect(request.hasBegun == (size >= Record.headerSize))
      #expect(request.hasBeginRequest == (size >= Record.headerSize + Record.beginRequestSize))
      #expect(request.hasParams == (size >= head.count), "\(size) bytes")
      #expect(request.arrivedSize == size)
    }
  }

  @Test func answersAManagementRecordAtEveryPlace() throws {
    LibfcgiReader.initializeLibrary()
    let records = [
      RecordClient.record(Record.Kind.beginRequest, [0, 1, 1, 0, 0, 0, 0, 0]),
      RecordClient.record(Record.Kind.params, [14, 1] + Array("CONTENT_LENGTH5".utf8)),
      RecordClient.record(Record.Kind.params, []), RecordClient.stdin(Array("hel".utf8)),
      RecordClient.stdin(Array("lo".utf8)), RecordClient.record(Record.Kind.stdin, []),
    ]
    for place in records.indices {
      for size in 1...9 {
        var request = Self.request()
        var replies: [UInt8] = []
        let bytes =
          (records[..<place] + [RecordClient.getValues(), RecordClient.record(77, [1], requestID: 0)]
          + records[place...]).flatMap(\.self)
        for start in stride(from: 0, to: bytes.count, by: size) {
          _ = request.append(bytes[start...].prefix(size))
          replies += request.takeReplies()
        }
        #expect(
          replies == [1, 10, 0, 0, 0, 18, 0, 0, 15, 1] + Array("FCGI_MPXS_CONNS0".utf8)
            + [1, 11, 0, 0, 0, 8, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0])
        let file = try request.makeFile()
        defer { try? file.close() }
        guard
          case .whole(Array("hello".utf8)) = LibfcgiReader(maximumBodySize: 100).receive(from: file)?.content
        else {
          Issue.record("the request was changed by a record at \(place)")
          return
        }
      }
    }
  }

  /// A body that is a little too large is heard out, since the connection can then be kept.
  @Test(arguments: [(15 << 20, false), (17 << 20, true)])
  func isBeyondReasonWhenItIsFarTooLarge(_ size: Int, isBeyond: Bool) {
    var request = Self.request(maximumBodySize: 100)
    _ = request.append(RecordClient.request("POST", "/", body: [UInt8](repeating: 65, count: size))[...])
    #expect(request.isBeyondReason == isBeyond)
  }

  /// Ten megabytes that nobody will read take no memory.
  @Test func holdsNoMoreThanTheLongestBody() {
    var request = Self.request(maximumBodySize: 100)
    let bytes = RecordClient.request("POST", "/", body: [UInt8](repeating: 65, count: 10 << 20))
    for start in stride(from: 0, to: bytes.count, by: 65_536) {
      _ = request.append(bytes[start...].prefix(65_536))
      #expect(request.heldSize < 300)
    }
  }
}
