import ArgumentParser
import EventLog
import EventLogAPI
import Foundation

/// `eventlog list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show events, the newest first.",
    discussion: """
      On a terminal it is a table, else NDJSON. The log may be in use. After four megabytes it ends. To get everything \
      that matches, use `eventlog export`.

      Exit codes: 0; 64 a wrong option; 69 the log cannot be used.
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var filter: FilterOptions

  @Option(help: ArgumentHelp("The most events that are shown, 1 to 1000. (default: 50)", valueName: "number"))
  var limit: String?

  @Option(
    help: ArgumentHelp("table, json, ndjson or csv. (default: table on a terminal, else ndjson)"),
    transform: ListFormat.init(option:))
  var format: ListFormat?

  func run() throws {
    var defaults = EventQuery()
    defaults.order = .descending
    defaults.limit = 50
    let query = try filter.query(limit: limit, defaults: defaults)
    try Exit.unavailable {
      let store = try store.openShared(mustExist: true)
      let isTerminal = isatty(FileHandle.standardOutput.fileDescriptor) == 1
      switch format ?? (isTerminal ? .table : .events(.ndjson)) {
      case .table:
        let events = try waitFor { try await store.page(query) }.events
        print(EventTable(events, width: Terminal.width).description)
      case .events(let representation):
        try waitFor {
          try await store.export(query, as: representation) { bytes in
            try FileHandle.standardOutput.write(contentsOf: Data(bytes))
          }
        }
      }
    }
  }
}

/// How events are shown.
enum ListFormat: Equatable {
  case table
  case events(EventRepresentation)

  init(option value: String) throws {
    if value == "table" {
      self = .table
    } else if let representation = EventRepresentation(rawValue: value) {
      self = .events(representation)
    } else {
      throw ValidationError("it must be table, json, ndjson or csv.")
    }
  }
}
