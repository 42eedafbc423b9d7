import ArgumentParser
import EventLog
import EventLogFormats
import EventLogSQLite
import Linux
import SystemPackage

/// `eventlog export`.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write everything that matches, the oldest first.",
    discussion: """
      It goes to standard output, or to a file that has its name only when it is whole, and the log's permissions. The \
      log may be in use: what is recorded after the start is left out. NDJSON loses nothing; `eventlog import` reads \
      every format.

      Exit codes: 0; 64 a wrong option; 69 the log cannot be used; 74 the output cannot be written.
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var filter: FilterOptions

  @Option(
    help: ArgumentHelp("ndjson, json or csv. (default: ndjson)"),
    transform: EventFormat.init(option:))
  var format: EventFormat = .ndjson

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String?

  func run() throws {
    let query = try filter.query()
    try Exit.unavailable {
      let log = try store.existingFile()
      let store = try store.openShared(mustExist: true)
      try Exit.inputOutput(writing: output) {
        guard let output else { return try store.export(query, as: format, to: .standardOutput) }
        let file = try AtomicFile(at: output, of: log)
        try store.export(query, as: format, to: file.descriptor)
        try file.commit()
      }
    }
  }
}
