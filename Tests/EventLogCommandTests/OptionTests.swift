import EventLog
import ArgumentParser
import HTTPCore
import Linux
import Logging
import Testing

@testable import EventLogCommand
import EventLogSQLite

/// Tests that `serve` reads its options from the command line and the environment.
struct OptionTests {
  @Test func hasDefaults() throws {
    let serve = try ServeCommand.parse([])
    #expect(serve.listen == nil)
    #expect(serve.socketGroup == nil)
    #expect(serve.log.store == .sqlite(path: "events.sqlite"))
    #expect(serve.log.maxBody == 1_048_576)
    #expect(serve.log.queryTimeout == 10)
    #expect(serve.log.logLevel == .info)
    #expect(serve.drainTimeout == 30)
    #expect(serve.slowRequest == .seconds(1))
    #expect(!serve.log.examples && !serve.replace)
  }

  @Test(arguments: [
    ["--workers", "0"], ["--workers", "257"], ["--workers", "x"], ["--max-body", "0"], ["--max-body", "1M"],
    ["--listen", "0.0.0.0:9000"], ["--listen", ""], ["--store", "postgres:x"], ["--store", "sqlite:"],
    ["--log-level", "loud"], ["--drain-timeout", "0"], ["--drain-timeout", "3601"], ["--query-timeout", "0"],
    ["--query-timeout", "3601"], ["--slow-request", "-1"], ["--slow-request", "1m"],
    ["--slow-request", "86400001"],
    ["--host", ""], ["--host", "log.example:80"], ["--host", "http://log.example"], ["--host", "a b"],
    ["--public-url", "log.example"], ["--public-url", "https://log.example?a"], ["--operator", "localhost"],
    ["--operator", "10.0.0.0/8"],
    ["--max-size", ""], ["--max-size", "0"], ["--max-size", "1023KiB"], ["--max-size", "-1GiB"],
    ["--max-size", "1.5GiB"], ["--max-size", "10 giga"], ["--max-size", "99999999999TiB"],
    ["--access", "open2"], ["--anonymous", "read"], ["--access", "keys", "--anonymous", "admin"],
    ["--trust-remote-user", "read"], ["--access", "keys", "--trust-remote-user", "root"],
    ["--access", "keys", "--trust-remote-user", "alice=root"],
    ["--access", "keys", "--trust-remote-user", "=read"],
    ["--access", "keys", "--trust-remote-user", "alice=admin,bob"],
    ["--access", "keys", "--trust-remote-user", ""],
    ["--access", "keys", "--trust-remote-user", "read", "--listen", "127.0.0.1:9000"],
    ["--allow-origin", "*"], ["--allow-origin", "app.example"], ["--allow-origin", "https://app.example/x"],
    ["--allow-origin", "null"],
    ["--idempotency-window", "0s"], ["--idempotency-window", "24"],
    ["--nothing"], ["extra"],
  ])
  func refusesAWrongValueWith64(_ arguments: [String]) {
    let error = #expect(throws: (any Error).self) { try ServeCommand.parse(arguments) }
    #expect(error.map { ServeCommand.exitCode(for: $0) } == .validationFailure)
  }

  @Test func readsEveryVariable() throws {
    let environment = [
      "EVENTLOG_LISTEN": "unix:/run/s", "EVENTLOG_SOCKET_GROUP": "www-data", "EVENTLOG_STORE": "memory",
      "EVENTLOG_WORKERS": "3", "EVENTLOG_MAX_BODY": "5", "EVENTLOG_DRAIN_TIMEOUT": "7",
      "EVENTLOG_QUERY_TIMEOUT": "9", "EVENTLOG_SLOW_REQUEST": "250ms", "EVENTLOG_LOG_LEVEL": "debug",
      "EVENTLOG_EXAMPLES": "true", "EVENTLOG_REPLACE": "1", "EVENTLOG_HOST": "log.example  other.example",
      "EVENTLOG_PUBLIC_URL": "https://log.example/eventlog", "EVENTLOG_OPERATOR": "192.0.2.1 ::1",
      "EVENTLOG_MAX_SIZE": "10GiB", "EVENTLOG_IDEMPOTENCY_WINDOW": "7d",
      "EVENTLOG_MAX_STREAMS": "20", "EVENTLOG_MAX_STREAMS_PER_CLIENT": "2", "EVENTLOG_ACCESS": "keys",
      "EVENTLOG_ANONYMOUS": "read record", "EVENTLOG_TRUST_REMOTE_USER": "alice=admin,bob=read",
      "EVENTLOG_ALLOW_ORIGIN": "https://app.example http://localhost:3000",
    ]
    #expect(Set(environment.keys) == Set(ServeCommand.environmentOptions.map(\.variable)))
    let arguments = try ServeCommand.arguments(from: environment.merging(["OTHER": "x"]) { $1 })
    let serve = try ServeCommand.parse(arguments)
    #expect(serve.listen == .unix(path: "/run/s"))
    #expect(serve.socketGroup == "www-data")
    #expect(serve.log.store == .memory)
    #expect(serve.workers == 3 && serve.log.maxBody == 5 && serve.drainTimeout == 7)
    #expect(serve.log.queryTimeout == 9 && serve.slowRequest == .milliseconds(250))
    #expect(serve.log.logLevel == .debug)
    #expect(serve.maxStreams == 20 && serve.maxStreamsPerClient == 2)
    #expect(serve.log.idempotencyWindow == TimeSpan(seconds: 604_800))
    #expect(serve.log.examples && serve.replace)
    #expect(serve.log.addressOptions.host == [.name("log.example"), .name("other.example")])
    #expect(serve.log.addressOptions.publicURL == Origin("https://log.example"))
    #expect(serve.operators == [IPAddress("192.0.2.1"), IPAddress("::1")])
    #expect(serve.log.sizeOptions.settings.maximumSize == 10 << 30)
    #expect(serve.log.accessOptions.access == .keys && serve.log.accessOptions.anonymous == [.read, .record])
    #expect(serve.log.accessOptions.trustRemoteUser != nil)
    #expect(
      serve.log.addressOptions.allowedOrigins
        == [Origin("https://app.example"), Origin("http://localhost:3000")])
  }

  @Test(arguments: [["--host", "third.example"], ["--host=third.example"]])
  func takesTheListOfTheCommandLineInPlaceOfTheVariables(_ commandLine: [String]) throws {
    let environment = ["EVENTLOG_HOST": "log.example other.example"]
    let arguments = try ServeCommand.arguments(from: environment, overriddenBy: commandLine)
    #expect(
      try ServeCommand.parse(arguments + commandLine).log.addressOptions.host == [.name("third.example")])
  }

  @Test(arguments: [
    ("1048576", 1 << 20), ("1MiB", 1 << 20), ("500 MB", 500_000_000), ("10gib", 10 << 30), ("2G", 2 << 30),
    ("1TiB", 1 << 40),
  ])
  func readsASizeWithItsUnit(_ text: String, _ bytes: Int) throws {
    for arguments in [["--max-size", text], ["--max-size=\(text)"]] {
      #expect(try ServeCommand.parse(arguments).log.sizeOptions.maxSize?.bytes == bytes)
      let append = try AppendCommand.parse(["--type", "info", "--source", "a", "b"] + arguments)
      #expect(append.size.settings.maximumSize == bytes)
    }
  }

  @Test func letsTheCommandLineWin() throws {
    let arguments = try ServeCommand.arguments(from: [
      "EVENTLOG_STORE": "sqlite:/from/environment", "EVENTLOG_EXAMPLES": "true", "EVENTLOG_WORKERS": "",
    ])
    let serve = try ServeCommand.parse(arguments + ["--store", "memory", "--no-examples"])
    #expect(serve.log.store == .memory)
    #expect(!serve.log.examples)
    #expect(serve.workers == (try ServeCommand.parse([]).workers), "an empty variable is not set")
  }

  @Test func givesCGIOnlyWhatItKnows() throws {
    let arguments = try LogOptions.arguments(from: ["EVENTLOG_STORE": "memory", "EVENTLOG_LISTEN": "unix:/x"])
    #expect(arguments == ["--store=memory"])
  }

  @Test func refusesAFlagThatIsNeitherTrueNorFalse() throws {
    #expect(throws: ValidationError.self) { try ServeCommand.arguments(from: ["EVENTLOG_EXAMPLES": "maybe"]) }
    for (value, arguments) in [("false", ["--no-examples"]), ("0", ["--no-examples"]), ("1", ["--examples"])]
    {
      #expect(try ServeCommand.arguments(from: ["EVENTLOG_EXAMPLES": value]) == arguments)
    }
    // A flag without a name for its opposite is left out.
    #expect(try ServeCommand.arguments(from: ["EVENTLOG_REPLACE": "false"]) == [])
  }

  @Test(arguments: [
    ("1s", Duration.seconds(1)), ("250ms", .milliseconds(250)), ("2", .seconds(2)), ("0", .zero),
    ("86400s", .seconds(86_400)),
  ])
  func readsADuration(_ text: String, duration: Duration) throws {
    #expect(try Duration(option: text) == duration)
  }

  @Test(arguments: [
    ("memory", StoreURL.memory as StoreURL?), ("sqlite:a/b", .sqlite(path: "a/b")), ("sqlite:", nil),
    ("", nil),
    ("sqlite", nil), ("Memory", nil), ("file:x", nil),
  ])
  func readsAStoreURL(_ text: String, url: StoreURL?) {
    #expect(StoreURL(text) == url)
    if let url { #expect(url.description == text) }
  }
}
