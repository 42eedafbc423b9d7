import Glibc
import HTTPCore
import TestSupport
import Testing

@testable import FastCGI

/// Tests of requests that arrive slowly, over a real socket.
@Suite(.timeLimit(.minutes(5)))
struct SlowRequestTests {
  private static func echo(_ request: Request) async -> Response {
    .text("\(request.target.description) \(request.body.count)")
  }

  @Test func holdNoWorker() async throws {
    let running = try RunningResponder(workers: 1, handler: Self.echo)
    let slow = try (0..<200).map { _ in try running.connect() }
    for client in slow { client.send(Array(RecordClient.request("GET", "/slow").dropLast(9))) }
    #expect(try await running.connect().request("GET", "/fast")?.body == "/fast 0")
    #expect(try await eventually { running.responder.meter.statistics().arrivingRequests == 200 })
    for client in slow { client.send(Array(RecordClient.request("GET", "/slow").suffix(9))) }
    for client in slow { #expect(try await client.readAnswer()?.body == "/slow 0") }
    #expect(running.responder.meter.statistics().arrivingRequests == 0)
    #expect(running.responder.meter.statistics().arrivingBytes == 0)
  }

  @Test func areTheSameWhereverTheyAreCut() async throws {
    let running = try RunningResponder(handler: Self.echo)
    let client = try running.connect()
    let bytes =
      RecordClient.getValues() + RecordClient.request("POST", "/cut", body: Array("hello".utf8))
    for place in 1..<bytes.count {
      client.send(Array(bytes[..<place]))
      usleep(500)
      client.send(Array(bytes[place...]))
      #expect(try await client.readRecord()?.kind == Record.Kind.getValuesResult)
      #expect(try await client.readAnswer()?.body == "/cut 5", "at \(place)")
    }
  }

  @Test func areAnsweredWith408AfterTheirTime() async throws {
    #expect(Responder.Configuration().requestTimeout == .seconds(10))
    let calls = Observations()
    let running = try RunningResponder(requestTimeout: .seconds(1)) { request in
      calls.add(request.target.description)
      return await Self.echo(request)
    }
    let idle = try running.connect()
    #expect(try await idle.request("GET", "/before")?.status == 200)
    let head = RecordClient.head("POST", "/slow", length: 10)
    let clients = try (0..<5).map { _ in try running.connect() }
    clients[0].send(Array(head.prefix(4)))
    clients[1].send(Array(head.prefix(20)))
    clients[2].send(head)
    clients[3].send(head + RecordClient.stdin(Array("01234".utf8)))
    // It is never silent.
    clients[4].send(head)
    let trickle = Task {
      for byte in RecordClient.stdin([UInt8](repeating: 65, count: 5000)) {
        clients[4].send([byte])
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    #expect(try await clients[0].readRecord() == nil)
    for client in clients.dropFirst() {
      #expect(try await client.readAnswer()?.status == 408)
      #expect(try await client.readRecord() == nil)
    }
    trickle.cancel()
    // A connection may be silent between requests.
    #expect(try await idle.request("GET", "/after")?.status == 200)
    #expect(calls.all == ["/before", "/after"])
    #expect(running.responder.meter.statistics().arrivingBytes == 0)
  }

  @Test func haveMoreTimeTheMoreHasArrived() async throws {
    let running = try RunningResponder(
      maximumBodySize: 200 * Arrivals.bytesPerSecond, requestTimeout: .milliseconds(500), handler: Self.echo)
    let client = try running.connect()
    let body = [UInt8](repeating: 65, count: 100 * Arrivals.bytesPerSecond)
    let bytes = RecordClient.request("POST", "/large", body: body)
    client.send(Array(bytes.dropLast(1)))
    try await Task.sleep(for: .seconds(3))
    client.send(Array(bytes.suffix(1)))
    #expect(try await client.readAnswer()?.body == "/large \(body.count)")
  }

  /// These are more bytes than the budget, and none of the requests is complete before all have begun.
  @Test func shareABudgetAndAllArrive() async throws {
    let size = 3 << 20
    let running = try RunningResponder(maximumBodySize: size, handler: Self.echo)
    let count = Arrivals.budget / size + 8
    let clients = try (0..<count).map { _ in try running.connect() }
    let bytes = RecordClient.request("POST", "/large", body: [UInt8](repeating: 65, count: size))
    let most = Array(bytes.dropLast(9))
    for client in clients { client.sendInBackground(most) }
    #expect(try await eventually { running.responder.meter.statistics().arrivingBytes >= Arrivals.budget })
    try await Task.sleep(for: .milliseconds(300))
    // The oldest request goes on arriving, and each of the two workers may have exceeded the budget by one piece.
    #expect(running.responder.meter.statistics().arrivingBytes < Arrivals.budget + size + (1 << 20))
    // A small request does not wait, not even in two pieces.
    let small = try running.connect()
    let request = RecordClient.request("POST", "/small", body: [UInt8](repeating: 65, count: 10_000))
    small.send(Array(request.prefix(5000)))
    usleep(50_000)
    small.send(Array(request.dropFirst(5000)))
    #expect(try await small.readAnswer()?.body == "/small 10000")
    // Each paused request goes on when another one has made room.
    for client in clients { client.sendInBackground(Array(bytes.suffix(9))) }
    for client in clients { #expect(try await client.readAnswer()?.body == "/large \(size)") }
    #expect(running.responder.meter.statistics().arrivingBytes == 0)
  }

  @Test func leaveNothingBehindWhenTheirPeersGo() async throws {
    let size = 3 << 20
    let running = try RunningResponder(maximumBodySize: size, handler: Self.echo)
    do {
      let count = Arrivals.budget / size + 8
      let clients = try (0..<count).map { _ in try running.connect() }
      let bytes = RecordClient.request("POST", "/large", body: [UInt8](repeating: 65, count: size))
      let most = Array(bytes.dropLast(9))
      for client in clients { client.sendInBackground(most) }
      #expect(try await eventually { running.responder.meter.statistics().arrivingBytes >= Arrivals.budget })
      for client in clients { client.disconnect() }
    }
    #expect(try await eventually { running.responder.meter.statistics().openConnections == 0 })
    #expect(running.responder.meter.statistics().arrivingBytes == 0)
  }
}
