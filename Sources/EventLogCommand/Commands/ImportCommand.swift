import ArgumentParser
import EventLog
import EventLogFormats
import Glibc
import Linux

/// The command `eventlog import`, which takes events from a file, a URL or standard input.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import events from a file, a URL or standard input.",
    discussion: """
      The command reads a JSON array, NDJSON or CSV, as `eventlog export` and GET /events write them, and as \
      spreadsheets save CSV; what gzip has compressed is decompressed. `eventlog import http://HOST/events` brings \
      over a whole log.

      In an empty log, events keep their ids and timestamps. To a log that has events they are appended: they get new \
      ids and the time of the import. Everything is read and checked first. If a line is invalid, nothing is imported, \
      unless --skip-invalid leaves out the invalid lines. An input that cannot be read to its end is never imported.

      Others can use the log meanwhile. If the import is interrupted, the same command goes on where it stopped.

      Exit codes: 0 on success; 64 for a wrong option; 65 if the input is invalid; 66 if the input cannot be read; 69 \
      if the log cannot be used.
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var size: SizeOptions

  @Flag(help: "Leave out whatever is not a valid event, and import the rest.")
  var skipInvalid = false

  @Argument(help: ArgumentHelp("A path, an http or https URL, or - for standard input.", valueName: "input"))
  var input: String

  /// What is known of an import before it records anything.
  private struct Plan {
    let file: ImportFile
    let store: any EventStore
    /// How far the import had come when it was interrupted; nil when it is new.
    let earlier: ImportProgress?
    let check: ImportCheck
    let digest: ImportDigest
  }

  func run() throws {
    // Without a reader of the summary, events are still imported.
    signal(SIGPIPE, SIG_IGN)
    try Exit.unavailable {
      let signals = try CommandSignals()
      do {
        let plan = try plan(signals)
        defer { plan.store.close() }
        try record(plan, signals)
      } catch let interruption as Interruption {
        interruption.endProcess()
      }
    }
  }

  /// Reads and checks the whole input.
  private func plan(_ signals: CommandSignals) throws -> Plan {
    do {
      let file = try ImportFile(input, signals)
      let store = try store.openShared(size.settings)
      do {
        let earlier = try interruptedImport(of: file, store)
        let (check, digest) = try check(file, keeping: try earlier?.keeping ?? mayKeep(store))
        return Plan(file: file, store: store, earlier: earlier, check: check, digest: digest)
      } catch {
        store.close()
        throw error
      }
    } catch let interruption as Interruption {
      Exit.say("interrupted before anything was imported")
      throw interruption
    }
  }

  private func record(_ plan: Plan, _ signals: CommandSignals) throws {
    if let earlier = plan.earlier {
      Exit.say("this import was interrupted after \(events(earlier.count)); it goes on from there")
    }
    var writer = ImportWriter(
      to: plan.store, input: plan.digest.value, keeping: plan.check.keeping, after: plan.earlier
    ) {
      try signals.check()
      try plan.file.requireUnchanged()
    }
    do {
      try plan.file.forEachEntry("Importing") { entry in
        try writer.take(entry)
        return true
      }
      try writer.record()
    } catch {
      let total = events(plan.digest.count)
      Exit.say(
        writer.progress.map {
          "the import stopped after \($0.count) of \(total); the same command goes on from there"
        } ?? "nothing was imported")
      throw error
    }
    let summary = summary(plan.check, plan.earlier, renumbered: writer.renumbered)
    Exit.print(summary, done: "the events are imported")
    // Until the log has forgotten how far the import had come, the same command would find that it has ended.
    do { try writer.end() } catch let error as EventStoreError {
      Exit.say("the events are imported, but the log could not be told that this has ended: \(error)")
    }
  }

  /// Finds an import that was interrupted, and that began with the same events.
  private func interruptedImport(of file: ImportFile, _ store: any EventStore) throws -> ImportProgress? {
    let imports = try waitFor { try await store.unfinishedImports() }
    guard let furthest = imports.map(\.count).max() else { return nil }
    var found: ImportProgress?
    var digest = ImportDigest()
    try file.forEachEntry("Comparing") { entry in
      guard case .success(let event) = entry.content else { return true }
      digest.add(event)
      found = imports.first { $0.count == digest.count && $0.digest == digest.value } ?? found
      return digest.count < furthest
    }
    return found
  }

  /// Returns what events may keep: nothing in a log that has events, and otherwise what the first one has (nil).
  private func mayKeep(_ store: any EventStore) throws -> ImportProgress.Keeping? {
    try waitFor { try await store.state().lastID } == nil ? nil : .nothing
  }

  private func check(
    _ file: ImportFile, keeping: ImportProgress.Keeping?
  ) throws -> (ImportCheck, ImportDigest) {
    var check = ImportCheck(keeping: keeping)
    var digest = ImportDigest()
    try file.forEachEntry("Checking") { entry in
      check.take(entry)
      if case .success(let event) = entry.content { digest.add(event) }
      return true
    }
    for line in check.complaints { Exit.say("line \(line)") }
    if check.invalidCount > check.complaints.count {
      Exit.say("and \(check.invalidCount - check.complaints.count) more lines")
    }
    if let line = check.unreadLine {
      Exit.say("nothing was imported, because what follows line \(line) cannot be read")
      throw ExitCode(EX_DATAERR)
    }
    guard check.invalidCount == 0 || skipInvalid else {
      Exit.say("nothing was imported; use --skip-invalid to leave out the invalid lines")
      throw ExitCode(EX_DATAERR)
    }
    return (check, digest)
  }

  private func summary(_ check: ImportCheck, _ earlier: ImportProgress?, renumbered: Int) -> String {
    let how =
      switch check.keeping {
      case .nothing: "with new ids and the time of the import as their timestamps"
      case .timestamps: "with new ids and their timestamps"
      case .idsAndTimestamps: "with their ids and timestamps"
      }
    var clauses = ["\(events(check.validCount)) \(Self.were(check.validCount)) imported \(how)"]
    if let earlier {
      clauses.append("\(min(earlier.count, check.validCount)) of them before the interruption")
    }
    if renumbered > 0 {
      clauses.append("\(renumbered) got new ids, because others recorded events meanwhile")
    }
    if check.invalidCount > 0 {
      clauses.append("\(check.invalidCount) \(Self.were(check.invalidCount)) left out")
    }
    return clauses.joined(separator: "; ") + "."
  }

  private func events(_ count: Int) -> String { count == 1 ? "1 event" : "\(count) events" }

  private static func were(_ count: Int) -> String { count == 1 ? "was" : "were" }
}

extension ImportCommand: EnvironmentOptions {
  static let environmentOptions = StoreOptions.environmentOptions + SizeOptions.environmentOptions
}
