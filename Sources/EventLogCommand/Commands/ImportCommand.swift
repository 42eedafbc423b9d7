import ArgumentParser
import EventLog
import EventLogFormats
import Glibc
import Linux
import SystemPackage

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
      ids and the time of the import, and keep their timestamps as occurred_at. Everything is read and checked first. If a line is invalid, nothing is imported, \
      unless --skip-invalid leaves out the invalid lines.

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
    let log: SharedLog
    /// How far the import had come when it was interrupted; nil when it is new.
    let earlier: ImportProgress?
    let findings: Findings
  }

  /// What checking the whole input has shown.
  private struct Findings {
    var check: ImportCheck
    var digest = ImportDigest()
    /// The number of events that were imported before the interruption.
    var earlierCount = 0
  }

  func run() throws {
    // Without a reader of the summary, events are still imported.
    signal(SIGPIPE, SIG_IGN)
    try Exit.unavailable {
      let plan = try plan()
      defer { plan.log.close() }
      try record(plan)
    }
  }

  /// Reads and checks the whole input. A new log is made only when there is something to record.
  private func plan() throws -> Plan {
    do {
      let signals = try CommandSignals()
      let file = try ImportFile(input, signals)
      let existing = try store.exists ? SharedLog(store, size, signals) : nil
      do {
        let earlier = try existing.flatMap { try interruptedImport(of: file, $0.store) }
        let keeping = try existing.flatMap { try earlier?.keeping ?? mayKeep($0.store) }
        let findings = try check(file, keeping: keeping, after: earlier)
        let log = try existing ?? SharedLog(store, size, signals)
        return Plan(file: file, log: log, earlier: earlier, findings: findings)
      } catch {
        existing?.close()
        throw error
      }
    } catch let interruption as Interruption {
      Exit.say("interrupted before anything was imported")
      throw interruption
    }
  }

  private func record(_ plan: Plan) throws {
    if let earlier = plan.earlier {
      Exit.say("this import was interrupted after \(events(earlier.count)); it goes on from there")
    }
    let findings = plan.findings
    var writer = ImportWriter(
      to: plan.log, input: findings.digest.value, keeping: findings.check.keeping, after: plan.earlier,
      beforePart: plan.file.requireUnchanged)
    do {
      try plan.file.forEachEntry("Importing") { entry in
        try writer.take(entry)
        return true
      }
      try writer.record()
    } catch {
      let total = events(findings.digest.count)
      Exit.say(
        writer.progress.map {
          "the import stopped after \($0.count) of \(total); the same command goes on from there"
        } ?? "nothing was imported")
      throw error
    }
    // Only what people have been told of is forgotten: whoever is in doubt can repeat the command.
    Exit.print(
      summary(findings, isContinued: plan.earlier != nil, renumbered: writer.renumbered),
      done: "the events are imported")
    do {
      try writer.end()
    } catch let error as EventStoreError {
      Exit.say("the events are imported, but the log cannot note that: \(error); the same command adds none")
    }
  }

  /// Finds an import that was interrupted, and that began with the same events.
  private func interruptedImport(of file: ImportFile, _ store: any EventStore) throws -> ImportProgress? {
    let imports = try waitFor { try await store.unfinishedImports() }.filter { !$0.isOfJournal }
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
    _ file: ImportFile, keeping: ImportProgress.Keeping?, after earlier: ImportProgress?
  ) throws -> Findings {
    var findings = Findings(check: ImportCheck(keeping: keeping))
    try file.forEachEntry("Checking") { entry in
      findings.check.take(entry)
      guard case .success(let event) = entry.content else { return true }
      findings.digest.add(event)
      if findings.digest.count == earlier?.count { findings.earlierCount = findings.check.validCount }
      return true
    }
    let check = findings.check
    for line in check.complaints { Exit.say("line \(line)") }
    if check.invalidCount > check.complaints.count {
      Exit.say("and \(check.invalidCount - check.complaints.count) more lines")
    }
    if let line = check.cutLine {
      Exit.say("nothing was imported, because nothing after line \(line) can be read")
      throw ExitCode(EX_DATAERR)
    }
    guard check.invalidCount == 0 || skipInvalid else {
      Exit.say("nothing was imported; use --skip-invalid to leave out the invalid lines")
      throw ExitCode(EX_DATAERR)
    }
    return findings
  }

  private func summary(_ findings: Findings, isContinued: Bool, renumbered: Int) -> String {
    let check = findings.check
    let how =
      switch check.keeping {
      case .nothing:
        "with new ids and the time of the import as their timestamps"
          + (check.hasTimestamp ? "; their own are occurred_at" : "")
          + (check.hasRecorder ? "; recorded_by is left out" : "")
      case .timestamps: "with new ids and their timestamps"
      case .idsAndTimestamps: "with their ids and timestamps"
      }
    var clauses = ["\(events(check.validCount)) \(Self.were(check.validCount)) imported \(how)"]
    if isContinued { clauses.append("\(findings.earlierCount) of them before the interruption") }
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
