import Glibc
import HTTPCore
import HTTPTypes
import TestSupport
import Text
import Testing

@testable import FastCGI

/// Tests of aborts and management records that arrive before, during and after a response, over a real socket.
@Suite(.timeLimit(.minutes(5)))
struct RecordsDuringResponseTests {
  private static func echo(_ request: Request) async -> Response {
    .text(request.target.description)
  }

  /// A response that never ends by itself.
  private static let endless = Response(
    .ok,
    body: .stream { writer in
      while true { try await writer.write([UInt8](repeating: 65, count: 50_000)) }
    })

  @Test func answersManagementRecordsOfAnIdleConnection() async throws {
    let running = try RunningResponder(handler: Self.echo)
    let client = try running.connect()
    let names = ["FCGI_MAX_CONNS", "FCGI_MAX_REQS", "FCGI_MPXS_CONNS"]
    for _ in 0..<3 {
      // libfcgi 2.4.2 overwrites its own stack on repeated names.
      client.send(RecordClient.getValues(names + names + ["UNKNOWN"] + names))
      let result = try #require(try await client.readRecord())
      #expect(result.kind == Record.Kind.getValuesResult)
      let most = "\(running.responder.maximumConnections)"
      var wanted: [UInt8] = []
      for (name, value) in [(names[0], most), (names[1], most), (names[2], "0")] {
        wanted += [UInt8(name.utf8.count), UInt8(value.utf8.count)]
        wanted += "\(name)\(value)".utf8
      }
      #expect(result.content == wanted)
      for kind: UInt8 in [0, 1, 8, 10, 11, 77, 255] {
        client.send(RecordClient.record(kind, [1, 2, 3], requestID: 0))
        let unknown = RecordClient.RecordRead(
          kind: Record.Kind.unknownType, content: [kind, 0, 0, 0, 0, 0, 0, 0])
        #expect(try await client.readRecord() == unknown)
      }
      #expect(try await client.request("GET", "/next")?.body == "/next")
    }
    #expect(running.responder.meter.statistics().arrivingRequests == 0)
  }

  @Test(arguments: [
    [], [200, 0, 0, 0], [0x7F, 0], [0x80, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
  ])
  func answersGetValuesWithoutSoundNames(_ content: [UInt8]) async throws {
    let running = try RunningResponder(handler: Self.echo)
    let client = try running.connect()
    client.send(RecordClient.record(Record.Kind.getValues, content, requestID: 0))
    #expect(
      try await client.readRecord() == RecordClient.RecordRead(kind: Record.Kind.getValuesResult, content: [])
    )
    #expect(try await client.request("GET", "/next")?.body == "/next")
  }

  @Test func answersAManagementRecordWhileAHandlerWaits() async throws {
    let gate = Gate()
    let seen = Observations()
    let running = try RunningResponder { request in
      seen.add("started")
      await gate.pass()
      return await Self.echo(request)
    }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/a"))
    #expect(try await seen.reach(1))
    for byte in RecordClient.getValues() { client.send([byte]) }
    usleep(50_000)
    gate.open()
    var kinds: [UInt8] = []
    while kinds.count < 4, let record = try await client.readRecord() { kinds.append(record.kind) }
    // Standard output, its end, the end-request, and then the reply.
    #expect(kinds == [6, 6, 3, Record.Kind.getValuesResult])
    #expect(try await client.request("GET", "/next")?.body == "/next")
  }

  @Test func answersAManagementRecordInsideAStream() async throws {
    let running = try RunningResponder { _ in Self.endless }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/"))
    #expect(try await client.readRecord()?.kind == Record.Kind.stdout)
    client.send(RecordClient.getValues())
    while let record = try await client.readRecord(), record.kind != Record.Kind.getValuesResult {
      #expect(record.kind == Record.Kind.stdout)
    }
  }

  @Test(arguments: [true, false]) func endsAStreamThatIsAborted(keeps: Bool) async throws {
    let seen = Observations()
    let running = try RunningResponder { request in
      if request.target.path == ["next"] { return await Self.echo(request) }
      return Response(
        .ok,
        body: .stream { writer in
          defer { seen.add("ended") }
          while true { try await writer.write([UInt8](repeating: 65, count: 50_000)) }
        })
    }
    let client = try running.connect()
    for round in 1...(keeps ? 3 : 1) {
      client.send(RecordClient.request("GET", "/", keeps: keeps))
      #expect(try await client.readRecord()?.kind == Record.Kind.stdout)
      // The stream waits, because the client reads nothing.
      usleep(50_000)
      for byte in RecordClient.abort { client.send([byte]) }
      let answer = try #require(try await client.readAnswer(), "every record is whole up to the end-request")
      #expect(answer.protocolStatus == 0)
      #expect(try await seen.reach(round))
    }
    if keeps {
      #expect(try await client.request("GET", "/next")?.body == "/next")
    } else {
      #expect(try await client.readRecord() == nil)
    }
  }

  @Test func endsALargeBodyThatIsAborted() async throws {
    let body = [UInt8](repeating: 65, count: 5_000_000)
    let running = try RunningResponder { request in
      request.target.path == ["next"] ? await Self.echo(request) : Response(.ok, body: .bytes(body))
    }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/"))
    usleep(100_000)
    client.send(RecordClient.abort)
    usleep(100_000)
    let answer = try #require(try await client.readAnswer())
    #expect(answer.output.count < body.count)
    #expect(try await client.request("GET", "/next")?.body == "/next")
  }

  @Test func cancelsAHandlerThatIsAborted() async throws {
    let seen = Observations()
    let running = try RunningResponder { request in
      if request.target.path == ["next"] { return await Self.echo(request) }
      seen.add("started")
      do { try await Task.sleep(for: .seconds(600)) } catch { seen.add("cancelled") }
      return .text("too late")
    }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/"))
    #expect(try await seen.reach(1))
    client.send(RecordClient.abort)
    #expect(try await client.readAnswer()?.output == [])
    #expect(seen.all == ["started", "cancelled"])
    #expect(try await client.request("GET", "/next")?.body == "/next")
  }

  /// The web server may have sent the abort before it received the end-request.
  @Test func ignoresAnAbortOfARequestThatHasEnded() async throws {
    let running = try RunningResponder(handler: Self.echo)
    let client = try running.connect()
    for _ in 0..<3 {
      #expect(try await client.request("GET", "/a")?.body == "/a")
      client.send(RecordClient.abort)
    }
    client.send(RecordClient.abort + RecordClient.request("GET", "/b"))
    #expect(try await client.readAnswer()?.body == "/b")
  }

  @Test func ignoresAnAbortOfAnotherRequest() async throws {
    let gate = Gate()
    let seen = Observations()
    let running = try RunningResponder { request in
      seen.add("started")
      await gate.pass()
      return await Self.echo(request)
    }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/a"))
    #expect(try await seen.reach(1))
    client.send(RecordClient.record(Record.Kind.abortRequest, [], requestID: 2))
    usleep(50_000)
    gate.open()
    #expect(try await client.readAnswer()?.body == "/a")
  }

  @Test func answersAnAbortInTheMiddleOfTheParams() async throws {
    let running = try RunningResponder(handler: Self.echo)
    let client = try running.connect()
    let head = RecordClient.head("GET", "/")
    client.send(Array(head.dropLast(8)) + RecordClient.abort)
    #expect(try await client.readAnswer()?.status == 400)
    #expect(try await client.request("GET", "/next")?.body == "/next")
  }

  @Test func seesAnAbortThatCameWithItsRequest() async throws {
    let running = try RunningResponder { request in
      request.target.path == ["next"] ? await Self.echo(request) : Self.endless
    }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/") + RecordClient.abort + RecordClient.getValues())
    var kinds: Set<UInt8> = []
    while !kinds.isSuperset(of: [Record.Kind.endRequest, Record.Kind.getValuesResult]) {
      kinds.insert(try #require(try await client.readRecord()).kind)
    }
    #expect(try await client.request("GET", "/next")?.body == "/next")
  }

  /// A web server that does not wait for the response is served all the same.
  @Test func answersARequestThatArrivesDuringAResponse() async throws {
    let gate = Gate()
    let seen = Observations()
    let running = try RunningResponder { request in
      seen.add("started")
      await gate.pass()
      return await Self.echo(request)
    }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/a"))
    #expect(try await seen.reach(1))
    let next = RecordClient.request("POST", "/b", body: Array("hello".utf8))
    client.send(Array(next.prefix(5)))
    usleep(50_000)
    client.send(Array(next.dropFirst(5).prefix(20)))
    usleep(50_000)
    gate.open()
    #expect(try await client.readAnswer()?.body == "/a")
    client.send(Array(next.dropFirst(25)))
    #expect(try await client.readAnswer()?.body == "/b")
    #expect(try await client.request("GET", "/c")?.body == "/c")
  }

  @Test func closesAfterAResponseDuringWhichNonsenseArrived() async throws {
    let gate = Gate()
    let seen = Observations()
    let running = try RunningResponder { request in
      seen.add("started")
      await gate.pass()
      return await Self.echo(request)
    }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/a"))
    #expect(try await seen.reach(1))
    client.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
    usleep(50_000)
    gate.open()
    #expect(try await client.readAnswer()?.body == "/a")
    #expect(try await client.readRecord() == nil)
  }

  /// The replies that nobody reads take no memory without bounds.
  @Test func survivesAFloodOfManagementRecords() async throws {
    let gate = Gate()
    let running = try RunningResponder { request in
      if request.target.path == ["wait"] { await gate.pass() }
      return await Self.echo(request)
    }
    let flood = (0..<20_000).flatMap { _ in RecordClient.record(77, [], requestID: 0) }
    for request in [RecordClient.request("GET", "/wait"), []] {
      let client = try running.connect()
      client.sendInBackground(request + flood + flood + flood)
      #expect(try await running.connect().request("GET", "/other")?.body == "/other")
    }
    usleep(200_000)
    gate.open()
    #expect(try await running.connect().request("GET", "/other")?.body == "/other")
  }

  @Test func servesAllItsSockets() async throws {
    let running = try RunningResponder(handler: Self.echo)
    let clients = [try running.connect(), try running.connect(toSecond: true)]
    for client in clients + clients { #expect(try await client.request("GET", "/a")?.body == "/a") }
    running.responder.drain()
    for client in clients { #expect(try await client.request("GET", "/b")?.body == "/b") }
    #expect(throws: (any Error).self) { try running.connect(toSecond: true) }
  }
}
