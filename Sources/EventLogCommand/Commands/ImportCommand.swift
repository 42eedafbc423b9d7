import ArgumentParser
import EventLog
import EventLogFormats
import Glibc

/// The command `eventlog import`, which takes events from a file, a URL or standard input.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import events from a file, a URL or standard input.",
    discussion: """
      The command reads a JSON array, NDJSON or CSV, as `eventlog export` and GET /events write them; \
      `eventlog import http://HOST/events` brings over a whole log.

      In an empty log, events keep their ids and timestamps. To a log that has events they are appended: they get new \
      ids and the time of the import. Everything is read and checked first. If a line is invalid, nothing is imported, \
      unless --skip-invalid leaves out the invalid lines.

      Exit codes: 0 on success; 64 for a wrong option; 65 if the input is invalid; 66 if the input cannot be read; 69 \
      if the log cannot be used.
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var size: SizeOptions

  @Flag(help: "Leave out whatever is not a valid event, and import the rest.")
  var skipInvalid = false

  @Argument(help: ArgumentHelp("A path, an http or https URL, or - for standard input.", valueName: "input"))
  var input: String

  /// The maximum number of events in one transaction.
  private static let batchSize = 10_000

  func run() throws {
    try Exit.unavailable {
      let file = try ImportFile(input)
      defer { file.close() }
      let store = try store.openShared(mustExist: false, size.settings)
      defer { store.close() }
      let lastID = try waitFor { try await store.state().lastID }

      var check = ImportCheck(keepsIDs: lastID == nil)
      try forEachEntry(file, "Checking") { entry in
        check.take(entry)
      }
      for line in check.complaints { Exit.say("line \(line)") }
      if check.invalidCount > check.complaints.count {
        Exit.say("and \(check.invalidCount - check.complaints.count) more lines")
      }
      guard check.invalidCount == 0 || skipInvalid else {
        Exit.say("nothing was imported; use --skip-invalid to leave out the invalid lines")
        throw ExitCode(EX_DATAERR)
      }
      try write(file, to: store, keepsIDs: check.canKeepIDs)
      let skipped = check.invalidCount > 0 ? "; \(check.invalidCount) were left out" : ""
      let how =
        check.canKeepIDs
        ? "with their ids and timestamps" : "with new ids and the time of the import as their timestamps"
      print("\(check.validCount) events were imported \(how)\(skipped).")
    }
  }

  private func write(_ file: ImportFile, to store: any EventStore, keepsIDs: Bool) throws {
    var check = ImportCheck(keepsIDs: keepsIDs)
    var batch: [ImportedEvent] = []
    var lastID: EventID?
    func commit() throws {
      if batch.isEmpty { return }
      let imported = batch
      if keepsIDs {
        let after = lastID
        let events = imported.compactMap(\.event)
        guard try waitFor({ try await store.restore(events, after: after) }) else {
          Exit.say(
            "another process wrote to the log in the meantime; what was imported up to \(after.map(\.description) ?? "now") stays"
          )
          throw ExitCode(EX_UNAVAILABLE)
        }
        lastID = events.last?.id
      } else {
        _ = try waitFor { try await store.append(imported.map(\.draft)) }
      }
      batch.removeAll(keepingCapacity: true)
    }
    try forEachEntry(file, "Importing") { entry in
      guard check.take(entry), case .success(let event) = entry.content else { return }
      batch.append(event)
      if batch.count == Self.batchSize { try commit() }
    }
    try commit()
  }

  private func forEachEntry(
    _ file: ImportFile, _ what: String, _ body: (FileEntry<ImportedEvent>) throws -> Void
  ) throws {
    let nextBytes = try file.read()
    let progress = ProgressBar(what, total: file.size)
    var position = 0
    var reader = EventFileReader {
      let bytes = try nextBytes()
      position += bytes.count
      progress.show(position)
      return bytes
    }
    while let entry = try reader.next() { try body(entry) }
    progress.end()
  }
}

extension ImportCommand: EnvironmentOptions {
  static let environmentOptions = StoreOptions.environmentOptions + SizeOptions.environmentOptions
}
