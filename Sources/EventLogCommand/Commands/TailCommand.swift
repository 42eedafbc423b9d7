import ArgumentParser
import EventLog
import EventLogFormats
import Foundation
import HTTPClient
import Text

/// The command `eventlog tail`, which shows the newest events and what is recorded from then on.
struct TailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail",
    abstract: "Show the newest events, and with -f what is recorded from then on.",
    discussion: """
      The events are in the order of recording, the newest last. They are a table on a terminal, in color unless NO_COLOR \
      is set, and NDJSON otherwise, of which each line is written at once. With -f, the command goes on until it is ended \
      or nobody reads its output any longer. It shows what any process records, and stays as long as the log is away; if \
      another log takes its place, it says so and goes on with what that one has after the newest event so far. The log \
      may be in use, and stays as it is.

      With --from, the log is one behind a web server, and --store does not count. After the connection was cut, the \
      command connects again and goes on after the newest event that it has shown: nothing is missing, and nothing comes \
      twice. If EVENTLOG_KEY is set, it is sent as a key (Authorization: Bearer). Certificates are checked by the \
      authorities of the system, or by those in the file that SSL_CERT_FILE names.

      Exit codes: 0 on success; 64 for a wrong option; 69 if the log cannot be used; 74 if the output cannot be written.
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var filter: FilterOptions

  @Option(
    name: [.customShort("n", allowingJoined: true), .long],
    help: ArgumentHelp(
      "The maximum number of events that are there already, 0 to 1000.", valueName: "number"),
    transform: { try Int(option: $0, in: 0...EventQuery.maximumLimit) })
  var limit = 20

  @Flag(name: .shortAndLong, help: "Go on with what is recorded from then on.")
  var follow = false

  @Option(
    help: ArgumentHelp(
      "Where the log is if it is behind a web server: the URL of its page, such as https://log.example/eventlog.",
      valueName: "url"),
    transform: RemoteURL.init(option:))
  var from: RemoteURL?

  @Option(
    help: ArgumentHelp(
      "The format: table, \(EventFormat.allowedNames). (default: table on a terminal, otherwise ndjson)"),
    transform: ListFormat.init(option:))
  var format: ListFormat?

  func validate() throws {
    if filter.sort != nil || filter.order != nil {
      throw ValidationError("Events are in the order of recording here, without --sort and --order.")
    }
    if follow, format == .events(.json) {
      throw ValidationError(
        "A JSON array that goes on has no end; --format ndjson has an event on each line.")
    }
  }

  func run() throws {
    let filter = try filter.query().filter
    let output = TailOutput(format ?? .usual, isFollowing: follow)
    try Exit.unavailable {
      if let from {
        var tail = RemoteTail(RemoteLog(url: from, settings: try Self.settings), filter, output)
        do {
          try tail.show(limit, thenFollow: follow)
        } catch let error as RemoteLogError {
          Exit.say("\(from): \(error)")
          throw ExitCode(EX_UNAVAILABLE)
        }
      } else {
        var tail = FileTail(path: try store.existingFile(), filter: filter, output: output)
        try tail.show(limit, thenFollow: follow)
      }
    }
  }

  /// How a log on a web server is asked.
  private static var settings: HTTPTransfer.Settings {
    get throws {
      let environment = ProcessInfo.processInfo.environment
      var fields = [
        (name: "Accept", value: "application/x-ndjson, application/problem+json;q=0.5"),
        (name: "User-Agent", value: "eventlog/\(EventLogCommand.version)"),
      ]
      if let key = environment["EVENTLOG_KEY"], !key.isEmpty {
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
          throw ValidationError("EVENTLOG_KEY has characters that no key has.")
        }
        fields.append((name: "Authorization", value: "Bearer \(key)"))
      }
      return HTTPTransfer.Settings(fields: fields, authorities: environment["SSL_CERT_FILE"])
    }
  }
}
