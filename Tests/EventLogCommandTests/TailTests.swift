import ArgumentParser
import EventLog
import Testing
import Text

@testable import EventLogCommand

struct TailTests {
  @Test(arguments: [
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("https://log.example/", "https://log.example"),
    ("https://log.example/eventlog//", "https://log.example/eventlog"),
    ("http://[::1]:80/a/b", "http://[::1]:80/a/b"),
  ])
  func takesTheURLOfAPage(_ text: String, _ url: String) {
    #expect(RemoteURL(text)?.description == url)
  }

  @Test(arguments: [
    "", "log.example", "ftp://log.example", "https://", "https://user@log.example", "https://log.example?a=b",
    "https://log.example#a", "https://log example", "https://log.example/ä", "file:///etc/passwd",
  ])
  func refusesOtherURLs(_ text: String) {
    #expect(RemoteURL(text) == nil)
  }

  @Test func findsTheNextPage() {
    let links =
      #"</m/events?type=info&limit=2>; rel="first", </m/events?type=info&limit=2&cursor=n3.abc>; rel="next", </m/docs>; rel="service-doc""#
    #expect(
      RemoteLog.next(inLink: links)?.map { "\($0.name)=\($0.value)" } == [
        "type=info", "limit=2", "cursor=n3.abc",
      ])
    #expect(RemoteLog.next(inLink: #"</m/docs>; rel="service-doc""#) == nil)
    #expect(RemoteLog.next(inLink: "") == nil)
  }

  @Test func doesNotCountALineThatWasCutOff() throws {
    var reader = StreamReader()
    #expect(try reader.read(Array("\n{\"reset\":".utf8)).count == 1)
    #expect(try reader.read(Array("true".utf8)).isEmpty)
    let lines = try reader.read(Array("}\n\n".utf8))
    #expect(lines.count == 2)
  }

  @Test func hasTwentyEventsUnlessToldOtherwise() throws {
    #expect(try TailCommand.parse([]).limit == 20)
    #expect(try TailCommand.parse(["-n5", "-f"]).limit == 5)
    #expect(try TailCommand.parse(["-n", "0", "--from", "http://a"]).limit == 0)
    for wrong in [
      ["-n", "-1"], ["-n1001"], ["--sort", "type"], ["--format", "json", "-f"], ["--from", "a"],
    ] {
      let error = #expect(throws: (any Error).self) { try TailCommand.parse(wrong) }
      #expect(error.map { TailCommand.exitCode(for: $0) } == .validationFailure)
    }
  }
}
