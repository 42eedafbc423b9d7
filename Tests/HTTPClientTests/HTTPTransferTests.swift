import Glibc
import Linux
import SystemPackage
import Testing

@testable import HTTPClient

@Suite(.timeLimit(.minutes(2)))
struct HTTPTransferTests {
  private static let settings = HTTPTransfer.Settings(output: .standardError)

  private static func content(of transfer: HTTPTransfer) throws -> String {
    var content: [UInt8] = []
    while let part = try transfer.next() { content += part }
    return String(decoding: content, as: UTF8.self)
  }

  @Test func givesTheHeadAndTheContentAsItComes() throws {
    let server = try OneResponse(
      [
        "HTTP/1.1 200 OK\r\nContent-Type: Application/X-NDJSON; charset=utf-8\r\nRetry-After: 7\r\n",
        "Link: </a>; rel=\"next\"\r\nlink: </b>; rel=\"prev\"\r\nTransfer-Encoding: chunked\r\n\r\n",
        "1\r\n\n\r\n", "3\r\nabc\r\n", "0\r\n\r\n",
      ], pause: 20_000)
    let transfer = try HTTPTransfer(server.url, Self.settings)
    #expect(
      try transfer.head()
        == HTTPHead(
          status: 200, mediaType: "application/x-ndjson", retryAfter: .seconds(7),
          links: ["</a>; rel=\"next\"", "</b>; rel=\"prev\""]))
    #expect(try transfer.next() == Array("\n".utf8))
    #expect(try Self.content(of: transfer) == "abc")
    #expect(try transfer.next() == nil)
  }

  @Test func givesTheHeadOfAResponseWithoutContent() throws {
    let server = try OneResponse(["HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"])
    let transfer = try HTTPTransfer(server.url, Self.settings)
    #expect(try transfer.head() == HTTPHead(status: 503, mediaType: "", retryAfter: nil, links: []))
    #expect(try transfer.next() == nil)
  }

  @Test func givesWhatCameBeforeAConnectionWasCut() throws {
    let server = try OneResponse(["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"])
    let transfer = try HTTPTransfer(server.url, Self.settings)
    #expect(try transfer.next() == Array("abc".utf8))
    #expect { try transfer.next() } throws: { Self.isCut($0) }
  }

  private static func isCut(_ error: any Error) -> Bool {
    if case HTTPFailure.cut(let reason) = error { !reason.isEmpty } else { false }
  }

  @Test func takesSilenceForACut() throws {
    let server = try OneResponse(
      ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n\n\r\n", "1\r\n\n\r\n", "1\r\n\n\r\n"],
      pause: 200_000, staysOpen: true)
    var settings = Self.settings
    settings.silence = .milliseconds(500)
    let transfer = try HTTPTransfer(server.url, settings)
    // What comes in time keeps it alive.
    for _ in 0..<3 { #expect(try transfer.next() == Array("\n".utf8)) }
    let clock = ContinuousClock()
    let time = clock.measure {
      #expect(throws: HTTPFailure.silent(.milliseconds(500))) { try transfer.next() }
    }
    #expect(time >= .milliseconds(490) && time < .seconds(10))
  }

  @Test func endsWhenNobodyReadsTheOutput() throws {
    let server = try OneResponse(["HTTP/1.1 200 OK\r\n"], staysOpen: true)
    let (reader, writer) = try FileDescriptor.pipe()
    defer { try? writer.close() }
    let transfer = try HTTPTransfer(server.url, HTTPTransfer.Settings(output: writer))
    try DetachedThread.start(named: "reader") {
      usleep(100_000)
      try? reader.close()
    }
    #expect(throws: HTTPFailure.outputClosed) { try transfer.head() }
  }

  @Test func tellsWhatPassesFromWhatDoesNot() throws {
    let port = try OneResponse([]).port
    #expect { try HTTPTransfer("http://127.0.0.1:\(port)/", Self.settings).head() } throws: { Self.isCut($0) }
    #expect { try HTTPTransfer("gopher2://127.0.0.1/", Self.settings).head() } throws: { error in
      if case HTTPFailure.refused = error { true } else { false }
    }
  }
}
