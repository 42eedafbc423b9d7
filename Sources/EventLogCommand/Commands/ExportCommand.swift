import ArgumentParser
import EventLog
import EventLogFormats
import EventLogSQLite
import Linux
import SystemPackage

/// The command `eventlog export`, which writes all matching events.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write all matching events, oldest first.",
    discussion: """
      The events go to standard output or to a file, which gets its name only when it is complete, and which has the \
      log's permissions. The log may be in use; events that are recorded after the start are left out. NDJSON loses \
      nothing. `eventlog import` reads every format.

      Exit codes: 0 on success; 64 for a wrong option; 69 if the log cannot be used; 74 if the output cannot be written.
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var filter: FilterOptions

  @Option(
    help: ArgumentHelp("The format: \(EventFormat.allowedNames). (default: ndjson)"),
    transform: EventFormat.init(option:))
  var format: EventFormat = .ndjson

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String?

  func run() throws {
    let query = try filter.query()
    try Exit.unavailable {
      let log = try store.existingFile()
      let store = try store.openShared(mustExist: true)
      defer { store.close() }
      try Exit.inputOutput(writing: output) {
        guard let output else { return try store.export(query, as: format, to: .standardOutput) }
        let file = try AtomicFile(at: output, of: log)
        try store.export(query, as: format, to: file.descriptor)
        try file.commit()
      }
    }
  }
}
