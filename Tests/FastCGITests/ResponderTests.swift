import Foundation
import Glibc
import HTTPCore
import HTTPTypes
import TestSupport
import Testing

@testable import FastCGI
import Text

/// Tests of a responder over a real socket, with a client that plays the web server.
@Suite(.timeLimit(.minutes(5)))
struct ResponderTests {
  private static func echo(_ request: Request) async -> Response {
    .text(
      "\(request.method) \(request.target.path.map(\.string)) \(String(decoding: request.body, as: UTF8.self))"
    )
  }

  @Test func answersRequestAfterRequestOnAKeptConnection() async throws {
    let running = try RunningResponder(handler: Self.echo)
    let client = try running.connect()
    for number in 0..<5 {
      let answer = try #require(
        try await client.request("POST", "/\(number)", body: Array("body \(number)".utf8)))
      #expect(answer.status == 200)
      #expect(answer.body == "POST [\"\(number)\"] body \(number)")
      #expect(answer.text.contains("Content-Length: \(answer.body.utf8.count)\r\n"))
      #expect(answer.protocolStatus == 0)
    }
  }

  @Test func closesTheConnectionWhenTheWebServerDoesNotKeepIt() async throws {
    let running = try RunningResponder(handler: Self.echo)
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/", keeps: false))
    #expect(try await client.readAnswer()?.status == 200)
    #expect(try await client.readRecord() == nil)
  }

  @Test(arguments: [0, 1, 8191, 8192, 65_535, 65_536, 300_000])
  func takesABodyOfAnySize(_ size: Int) async throws {
    let running = try RunningResponder { request in
      .text("\(request.body.count) \(request.body.reduce(0, &+))")
    }
    let client = try running.connect()
    let body = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
    for _ in 0..<2 {
      #expect(try await client.request("POST", "/", body: body)?.body == "\(size) \(body.reduce(0, &+))")
    }
  }

  @Test func waitsForEachPieceOfARequest() async throws {
    let running = try RunningResponder(workers: 1, handler: Self.echo)
    let client = try running.connect()
    let bytes = RecordClient.request("POST", "/slow", body: Array("pieces".utf8))
    for start in stride(from: 0, to: bytes.count, by: 7) {
      client.send(Array(bytes[start...].prefix(7)))
      usleep(2000)
    }
    #expect(try await client.readAnswer()?.body == "POST [\"slow\"] pieces")
    #expect(try await client.request("GET", "/next")?.body == "GET [\"next\"] ")
  }

  @Test func answersARequestWithSomethingBehindItThatCameInPieces() async throws {
    let running = try RunningResponder(handler: Self.echo)
    let client = try running.connect()
    let bytes = RecordClient.request("POST", "/slow", body: Array("pieces".utf8))
    client.send(Array(bytes.prefix(20)))
    usleep(20_000)
    client.send(Array(bytes.dropFirst(20)) + RecordClient.request("DELETE", "/behind"))
    #expect(try await client.readAnswer()?.body == "POST [\"slow\"] pieces")
    #expect(try await client.readRecord() == nil)
  }

  @Test(arguments: [(3, "0123456789"), (30, "012"), (1, ""), (0, "x")])
  func answers400WhenTheLengthIsNotTheDeclaredOne(_ declared: Int, body: String) async throws {
    let calls = Observations()
    let running = try RunningResponder { request in
      calls.add("called")
      return await Self.echo(request)
    }
    let client = try running.connect()
    client.send(RecordClient.request("POST", "/", body: Array(body.utf8), declaredLength: declared))
    #expect(try await client.readAnswer()?.status == 400)
    #expect(calls.all.isEmpty)
    #expect(try await client.request("GET", "/")?.status == 200)
  }

  @Test func doesNothingWithABodyThatIsCut() async throws {
    let calls = Observations()
    let running = try RunningResponder { request in
      calls.add(request.method.rawValue)
      return await Self.echo(request)
    }
    let client = try running.connect()
    client.send(RecordClient.head("POST", "/", length: 10) + RecordClient.stdin(Array("01234".utf8)))
    client.finishSending()
    #expect(try await client.readAnswer()?.status == 400)
    #expect(try await client.readRecord() == nil)
    #expect(calls.all.isEmpty)
  }

  /// The rest of the body would be taken for the next request.
  @Test func closesAConnectionWhoseBodyItCouldNotRead() async throws {
    let calls = Observations()
    let running = try RunningResponder { request in
      calls.add(request.method.rawValue)
      return await Self.echo(request)
    }
    let client = try running.connect()
    client.send(RecordClient.head("POST", "/", length: 10) + RecordClient.stdin(Array("01234".utf8)))
    usleep(100_000)
    client.send([99, 99, 99, 99, 99, 99, 99, 99] + RecordClient.request("DELETE", "/forged"))
    #expect(try await client.readRecord() == nil)
    #expect(calls.all.isEmpty)
  }

  /// The stream begins before its task is known, and is told all the same.
  @Test(arguments: [false, true]) func tellsAStreamThatItsPeerIsGone(suspends: Bool) async throws {
    let seen = Observations()
    let running = try RunningResponder { _ in
      if suspends { await Task.yield() }
      var response = Response(
        .ok,
        body: .stream { writer in
          try await writer.write([65])
          seen.add("began")
          do { try await Task.sleep(for: .seconds(600)) } catch { seen.add("cancelled") }
        })
      response.lastsAsLongAsItsClient = true
      return response
    }
    for round in 1...20 {
      let client = try running.connect()
      client.send(RecordClient.request("GET", "/"))
      #expect(try await seen.reach(2 * round - 1))
      client.disconnect()
      #expect(try await seen.reach(2 * round))
    }
    #expect(seen.all.count { $0 == "cancelled" } == 20)
  }

  /// What a peer takes only in part is completed before what comes next.
  @Test func sendsWhatWasOfferedInOrder() async throws {
    let parts = (0..<400).map { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: 10_000 + $0) }
    let begun = Observations()
    let running = try RunningResponder { _ in
      Response(
        .ok,
        body: .stream { writer in
          for part in parts {
            switch writer.offer(part) {
            case .accepted: break
            case .begun:
              begun.add("begun")
              try await writer.write([])
            case .refused: try await writer.write(part)
            }
          }
        })
    }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/"))
    #expect(try await begun.reach(1))
    let answer = try #require(try await client.readAnswer())
    #expect(answer.output.suffix(parts.reduce(0) { $0 + $1.count }) == parts.flatMap(\.self)[...])
    // Another one is aborted when a record has begun, which is completed.
    client.send(RecordClient.request("GET", "/"))
    let count = begun.all.count
    #expect(try await begun.reach(count + 1))
    client.send(RecordClient.abort)
    #expect(try await client.readAnswer()?.protocolStatus == 0)
  }

  /// The larger body does not arrive all at once.
  @Test(arguments: [101, 300_000])
  func answers413AndKeepsTheConnection(_ size: Int) async throws {
    let running = try RunningResponder(maximumBodySize: 100, handler: Self.echo)
    let client = try running.connect()
    #expect(try await client.request("POST", "/", body: [UInt8](repeating: 65, count: size))?.status == 413)
    #expect(try await client.request("POST", "/", body: [UInt8](repeating: 65, count: 100))?.status == 200)
  }

  /// A length that the responder believed would end the process, so this test has a process of its own.
  @Test(arguments: [99_999_999_999, Int.max])
  func survivesALengthBeyondAllMemory(_ length: Int) async {
    await #expect(processExitsWith: .success) { [length] in
      let running = try RunningResponder { await ResponderTests.echo($0) }
      let client = try running.connect()
      let bytes = RecordClient.request("POST", "/", body: Array("{}".utf8), declaredLength: length)
      for pieces in [[bytes], [Array(bytes.prefix(20)), Array(bytes.dropFirst(20))]] {
        for piece in pieces {
          client.send(piece)
          try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try await client.readAnswer()?.status == 413)
        #expect(try await client.request("GET", "/")?.status == 200)
      }
    }
  }

  @Test func refusesARoleThatIsNotTheResponders() async throws {
    let running = try RunningResponder(handler: Self.echo)
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/", role: 2))
    let answer = try #require(try await client.readAnswer())
    #expect(answer.protocolStatus == 3)
    #expect(answer.output.isEmpty)
    #expect(try await client.request("GET", "/")?.status == 200)
  }

  /// If the body were left on the connection, it would be parsed as records, and the client could forge a request.
  @Test func takesNoRequestOutOfABody() async throws {
    let calls = Observations()
    let running = try RunningResponder { request in
      calls.add("\(request.method) \(request.target.path.map(\.string))")
      return .text("ignores the body")
    }
    let client = try running.connect()
    let forged = RecordClient.request("DELETE", "/forged")
    let fill = (0..<2000).flatMap { _ in RecordClient.record(Record.Kind.stderr, []) }
    #expect(try await client.request("POST", "/", body: fill + forged)?.status == 200)
    #expect(try await client.request("GET", "/next")?.status == 200)
    #expect(calls.all == ["POST [\"\"]", "GET [\"next\"]"])
  }

  @Test func closesAfterARequestWithSomethingBehindIt() async throws {
    let running = try RunningResponder(handler: Self.echo)
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/first") + RecordClient.request("GET", "/second"))
    #expect(try await client.readAnswer()?.body == "GET [\"first\"] ")
    #expect(try await client.readRecord() == nil)
  }

  @Test func closesAConnectionThatDoesNotSpeakFastCGI() async throws {
    let running = try RunningResponder(handler: Self.echo)
    let client = try running.connect()
    client.send(Array("GET / HTTP/1.1\r\nHost: here\r\n\r\n".utf8))
    #expect(try await client.readRecord() == nil)
  }

  @Test func sendsABodyThatIsLargerThanAnySocketBuffer() async throws {
    let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
    let running = try RunningResponder { _ in Response(.ok, body: .bytes(body)) }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/"))
    usleep(50_000)
    let answer = try #require(try await client.readAnswer())
    // The comparison is outside the expectation, which would search megabytes for the smallest difference.
    let isWhole = answer.output.suffix(body.count) == body[...]
    #expect(isWhole)
  }

  @Test func streamsToAReaderThatIsSlow() async throws {
    let running = try RunningResponder(workers: 1) { _ in
      Response(
        .ok,
        body: .stream { writer in
          for number in 0..<100 {
            try await writer.write([UInt8](repeating: UInt8(number), count: 50_000))
          }
        })
    }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/"))
    usleep(100_000)
    // The stream waits, but its worker does not.
    #expect(try await running.connect().request("HEAD", "/")?.status == 200)
    let answer = try #require(try await client.readAnswer())
    let isWhole =
      answer.output.suffix(5_000_000) == (0..<100).flatMap { [UInt8](repeating: $0, count: 50_000) }[...]
    #expect(isWhole)
    #expect(try await client.request("HEAD", "/")?.status == 200)
  }

  /// A stream may block its thread, which must not be one of the few that take requests.
  @Test(arguments: [false, true])
  func producesAStreamOnNoWorker(_ lastsAsLongAsItsClient: Bool) async throws {
    let threads = Observations()
    let running = try RunningResponder(workers: 1) { _ in
      threads.add(Self.threadName() ?? "")
      var response = Response(
        .ok,
        body: .stream { writer in
          threads.add(Self.threadName() ?? "")
          try await writer.write([65])
        })
      response.lastsAsLongAsItsClient = lastsAsLongAsItsClient
      return response
    }
    #expect(try await running.connect().request("GET", "/")?.status == 200)
    let (all, worker) = (threads.all, "worker 1\n")
    #expect(all.count == 2 && all.first == worker && all.last != worker, "\(all)")
  }

  private static func threadName() -> String? {
    try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
  }

  @Test func takesTheWaitForAPeerOffTheRequestThatWaitedAndOffNoOther() async throws {
    let running = try RunningResponder { request in
      Response(.ok, body: .bytes([UInt8](repeating: 65, count: request.method == .get ? 3_000_000 : 0)))
    }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/"))
    usleep(500_000)
    #expect(try await client.readAnswer()?.status == 200)
    for _ in 0..<5 { #expect(try await client.request("DELETE", "/")?.status == 200) }
    #expect(try await eventually { running.responder.meter.statistics().answered[2] == 6 })
    let slowest = running.responder.meter.statistics().slowest
    #expect(slowest.count == 6 && slowest.allSatisfy { $0.duration >= .zero }, "\(slowest)")
  }

  @Test func closesWithoutEndRequestWhenAStreamFails() async throws {
    struct Failure: Error {}
    let running = try RunningResponder { _ in
      Response(
        .ok,
        body: .stream { writer in
          try await writer.write([1, 2, 3])
          throw Failure()
        })
    }
    let client = try running.connect()
    client.send(RecordClient.request("GET", "/"))
    var output: [UInt8] = []
    while let record = try await client.readRecord() {
      #expect(record.kind == Record.Kind.stdout)
      output += record.content
    }
    #expect(
      output.starts(with: "Status: 200 OK\r\n".utf8)
        && output.suffix(7) == Array("\r\n\r\n".utf8) + [1, 2, 3])
  }

  /// HAProxy takes a `Location` behind the `Status` for a redirect.
  @Test func tellsTheAddressOfWhatWasCreatedBeforeTheStatus() async throws {
    let running = try RunningResponder { _ in
      Response(.created, fields: [.contentType: "text/plain", .location: "/events/evt_001"])
    }
    let answer = try await running.connect().request("POST", "/events")
    #expect(answer?.text.hasPrefix("Location: /events/evt_001\r\nStatus: 201 Created\r\n") == true)
    #expect(answer?.text.components(separatedBy: "Location:").count == 2)
  }

  @Test func cancelsTheTaskWhenThePeerGoes() async throws {
    let seen = Observations()
    let running = try RunningResponder { _ in
      seen.add("started")
      do { try await Task.sleep(for: .seconds(60)) } catch { seen.add("cancelled") }
      return .text("")
    }
    do {
      let client = try running.connect()
      client.send(RecordClient.request("GET", "/"))
      #expect(try await seen.reach(1))
    }
    #expect(try await seen.reach(2))
    #expect(seen.all == ["started", "cancelled"])
  }

  @Test func endsAStreamWhenThePeerGoes() async throws {
    let seen = Observations()
    let running = try RunningResponder { _ in
      Response(
        .ok,
        body: .stream { writer in
          seen.add("started")
          do {
            while true { try await writer.write([UInt8](repeating: 0, count: 65_536)) }
          } catch {
            seen.add("ended")
            throw error
          }
        })
    }
    do {
      let client = try running.connect()
      client.send(RecordClient.request("GET", "/"))
      #expect(try await seen.reach(1))
    }
    #expect(try await seen.reach(2))
    #expect(seen.all == ["started", "ended"])
  }

  @Test func suspendedHandlersHoldNoWorker() async throws {
    let gate = Gate()
    let seen = Observations()
    let running = try RunningResponder(workers: 1) { request in
      if request.target.path == ["wait"] {
        seen.add("waiting")
        await gate.pass()
      }
      return await Self.echo(request)
    }
    let waiting = try (0..<20).map { _ in try running.connect() }
    for client in waiting { client.send(RecordClient.request("GET", "/wait")) }
    #expect(try await seen.reach(waiting.count))
    #expect(try await running.connect().request("GET", "/now")?.body == "GET [\"now\"] ")
    gate.open()
    for client in waiting { #expect(try await client.readAnswer()?.body == "GET [\"wait\"] ") }
  }

  @Test func stopsAtOnceWhenNothingIsConnected() async throws {
    let running = try RunningResponder(handler: Self.echo)
    running.responder.drain()
    #expect(try await running.stops())
    #expect(throws: (any Error).self) { try running.connect() }
  }

  @Test func answersWhatIsUnderWayWhenItDrains() async throws {
    let gate = Gate()
    let seen = Observations()
    let running = try RunningResponder { request in
      seen.add("started")
      await gate.pass()
      return await Self.echo(request)
    }
    var client: RecordClient? = try running.connect()
    client?.send(RecordClient.request("GET", "/under-way"))
    #expect(try await seen.reach(1))
    running.responder.drain()
    gate.open()
    #expect(try await client?.readAnswer()?.body == "GET [\"under-way\"] ")
    // This record makes nginx release the connection.
    #expect(try await client?.readRecord() == RecordClient.RecordRead(kind: Record.Kind.stderr, content: []))
    // A kept connection stays usable until the web server closes it.
    #expect(try await client?.request("GET", "/kept")?.body == "GET [\"kept\"] ")
    #expect(!running.isStopped)
    client = nil
    #expect(try await running.stops())
  }

  @Test func answersConnectionsThatWaitedWhenItDrains() async throws {
    let calls = Observations()
    let isDraining = DispatchSemaphore(value: 0)
    let running = try RunningResponder(workers: 1) { request in
      calls.add("called")
      // The only worker cannot accept anything until the drain has begun.
      if calls.all.count == 1 { Self.block(until: isDraining) }
      return await Self.echo(request)
    }
    let first = try running.connect()
    first.send(RecordClient.request("GET", "/"))
    #expect(try await calls.reach(1))
    let clients = try (0..<50).map { _ in try running.connect() }
    running.responder.drain()
    isDraining.signal()
    for client in clients { #expect(try await client.request("GET", "/")?.status == 200) }
    #expect(try await first.readAnswer()?.status == 200)
  }

  private static func block(until semaphore: DispatchSemaphore) {
    semaphore.wait()
  }

  @Test func survivesPeersThatComeAndGo() async throws {
    let running = try RunningResponder { request in
      await Task.yield()
      return await Self.echo(request)
    }
    for round in 0..<300 {
      let client = try running.connect()
      let bytes = RecordClient.request("POST", "/", body: [UInt8](repeating: 65, count: 200))
      client.send(Array(bytes.prefix(round % (bytes.count + 1))))
    }
    #expect(try await running.connect().request("GET", "/")?.status == 200)
    #expect(try await eventually { running.responder.meter.statistics().openConnections == 0 })
  }
}
