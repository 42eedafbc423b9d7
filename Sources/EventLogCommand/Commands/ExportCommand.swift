import ArgumentParser
import EventLog
import EventLogFormats
import EventLogSQLite
import Glibc
import Linux
import SystemPackage

/// The command `eventlog export`, which writes all matching events.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write all matching events, oldest first.",
    discussion: """
      The events go to standard output or to a file, which gets its name only when it is complete, and which only its \
      owner may read. The log may be in use, and stays as it is; events that are recorded after the start are left \
      out. NDJSON loses nothing. `eventlog import` reads every format.

      Exit codes: 0 on success; 64 for a wrong option; 69 if the log cannot be used; 74 if the output cannot be written.
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var filter: FilterOptions

  @Option(
    help: ArgumentHelp("The format: \(EventFormat.allowedNames). (default: ndjson)"),
    transform: EventFormat.init(option:))
  var format: EventFormat = .ndjson

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "file"))
  var output: String?

  func run() throws {
    let query = try filter.query()
    try Exit.unavailable {
      let path = try store.existingFile()
      guard let output, output != "-" else {
        let log = try ReadOnlyLog(path: path)
        return try Exit.inputOutput { try log.export(query, as: format, to: .standardOutput) }
      }
      try Exit.inputOutput(writing: output) {
        if let stream = try FileDescriptor.stream(at: FilePath(output)) {
          defer { try? stream.close() }
          return try ReadOnlyLog(path: path).export(query, as: format, to: stream)
        }
        let signals = try CommandSignals()
        let log = try ReadOnlyLog(path: path)
        let file = try AtomicFile(at: output, of: path)
        let unfinished = file.path
        try signals.onInterruption { unlink(unfinished) }
        try log.export(query, as: format, to: file.descriptor)
        try file.commit()
      }
    }
  }
}
