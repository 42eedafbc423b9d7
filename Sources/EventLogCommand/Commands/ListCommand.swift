import ArgumentParser
import EventLog
import EventLogFormats
import EventLogSQLite
import SystemPackage

/// The command `eventlog list`, which shows events.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Show events, newest first.",
    discussion: """
      The events are a table on a terminal, in color unless NO_COLOR is set, and NDJSON otherwise. The log may be in use, and stays as it is. To get \
      all matching events, use `eventlog export`.

      Exit codes: 0 on success; 64 for a wrong option; 69 if the log cannot be used; 74 if the output cannot be written.
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var filter: FilterOptions

  @Option(help: ArgumentHelp("The maximum number of events, 1 to 1000. (default: 50)", valueName: "number"))
  var limit: String?

  @Option(
    help: ArgumentHelp(
      "The format: table, \(EventFormat.allowedNames). (default: table on a terminal, otherwise ndjson)"),
    transform: ListFormat.init(option:))
  var format: ListFormat?

  func run() throws {
    var defaults = EventQuery()
    defaults.order = .descending
    defaults.limit = 50
    let query = try filter.query(limit: limit, defaults: defaults)
    try Exit.unavailable {
      let log = try ReadOnlyLog(path: try store.existingFile())
      switch format ?? .usual {
      case .table:
        let events = try waitFor { try await log.events(query) }
        var table = EventTable(isColored: Terminal.isColored)
        try Exit.print(table.text(events, width: Terminal.width))
      case .events(let format):
        try Exit.inputOutput { try log.export(query, as: format, to: .standardOutput) }
      }
    }
  }
}

extension ReadOnlyLog {
  /// Reads as many events as a query allows, from more than one page if they are large.
  fileprivate func events(_ query: EventQuery) async throws(EventStoreError) -> [Event] {
    let page = try await page(query)
    guard var rest = page.next, let limit = query.limit, page.events.count < limit else { return page.events }
    rest.limit = limit - page.events.count
    return page.events + (try await events(rest))
  }
}
