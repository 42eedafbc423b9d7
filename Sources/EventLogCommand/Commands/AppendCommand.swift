import ArgumentParser
import EventLog
import EventLogFormats
import Glibc
import Linux
import Text

/// The command `eventlog append`, which records events.
struct AppendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "append",
    abstract: "Record events, and print their ids once they are on disk.",
    discussion: """
      With a message, the command records that one event. Without one, it records what standard input has, in a format:

      text: each line is the message of an event: tail -F service.log | eventlog append --type info --source service. \
      Blank lines are left out. What a program writes for a terminal, such as colors, is left out of its lines, and the \
      command says so at the end.
      ndjson, json: events as POST /events takes them, one on each line or in an array. --type and --source are the \
      type and the source of those that have none.
      journal: what journalctl --all -o json writes. The log keeps how far it has come, so nothing is recorded twice.

      What has arrived together is recorded together. A line that is not valid is reported on standard error and left \
      out. While another process writes to the log for long, the command waits. A message that starts with a dash comes \
      after --.

      Exit codes: 0 on success; 64 for a wrong option; 65 if something was invalid and so was not recorded; 66 if \
      standard input cannot be read; 69 if the log cannot be used; 74 if the file for the cursor cannot be written.
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var size: SizeOptions

  @Option(
    help: ArgumentHelp(
      "The event's type: \(EventType.allowedNames); required for a message and for text.", valueName: "name"))
  var type: String?

  @Option(
    help: ArgumentHelp(
      "Who or what the event comes from; required for a message and for text.", valueName: "text"))
  var source: String?

  @Option(
    help: ArgumentHelp("What standard input has: text, json, ndjson or journal. (default: text)"),
    transform: AppendFormat.init(option:))
  var format: AppendFormat?

  @Option(
    help: ArgumentHelp(
      """
      Where to keep the cursor of the last entry of the journal that is on disk, for journalctl --after-cursor.
      """, valueName: "path"))
  var cursorFile: String?

  @Option(help: ArgumentHelp("The user's id.", valueName: "id"))
  var userID: String?

  @Option(help: ArgumentHelp("The request's id.", valueName: "id"))
  var requestID: String?

  @Option(help: ArgumentHelp("A tag; repeat the option for several.", valueName: "tag"))
  var tag: [String] = []

  @Option(help: ArgumentHelp("A JSON object with further details.", valueName: "json"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "When it happened, if that is not now: an RFC 3339 date and time such as 2024-01-15T14:30:00Z.",
      valueName: "time"))
  var occurredAt: String?

  @Argument(help: "The message; without it, lines are read from standard input.")
  var message: String?

  func validate() throws {
    if message != nil, format != nil {
      throw ValidationError("--format is about standard input, which is not read when there is a message.")
    }
    if cursorFile != nil, format != .journal {
      throw ValidationError("--cursor-file takes --format journal.")
    }
    if format ?? .text == .text {
      if type == nil { throw ValidationError("Missing expected argument '--type <name>'") }
      if source == nil { throw ValidationError("Missing expected argument '--source <text>'") }
    } else if userID != nil || requestID != nil || !tag.isEmpty || data != nil || occurredAt != nil {
      throw ValidationError(
        "With this --format, events have members of their own; only --type and --source fill in.")
    }
  }

  func run() throws {
    // Without a reader of the ids, events are still recorded.
    signal(SIGPIPE, SIG_IGN)
    try Exit.unavailable {
      let defaults = try defaults
      let signals = try CommandSignals()
      let log = try SharedLog(store, size, signals)
      defer { log.close() }
      if let message {
        do {
          try EventRecorder(log).record([draft(message)])
        } catch let error as InvalidEntry {
          Exit.say(error.description)
          throw ExitCode(EX_DATAERR)
        }
        return
      }
      let isValid =
        switch format ?? .text {
        case .text: try record(TextLines(draft), to: log, signals)
        case .json: try record(EventLines(.json, defaults: defaults), to: log, signals)
        case .ndjson: try record(EventLines(.ndjson, defaults: defaults), to: log, signals)
        case .journal: try recordJournal(to: log, defaults, signals)
        }
      if !isValid { throw ExitCode(EX_DATAERR) }
    }
  }

  private var defaults: EventDefaults {
    get throws {
      // A message says by itself what is wrong with it.
      if format ?? .text == .text { return EventDefaults() }
      let given = try type.map { name in
        guard let type = EventType(named: Text(name)) else {
          throw ValidationError("--type must be \(EventType.allowedNames), not '\(Text(name).abridged)'.")
        }
        return type
      }
      return EventDefaults(type: given, source: source)
    }
  }

  /// Records the events of standard input; those that have arrived together are recorded together.
  ///
  /// - Returns: whether all of them were valid.
  private func record(
    _ input: some AppendInput, to log: SharedLog, _ signals: CommandSignals
  ) throws -> Bool {
    let recorder = EventRecorder(log)
    var standardInput = StandardInput(signals)
    var input = input
    var isValid = true
    var isAtEnd = false
    while !isAtEnd, !input.hasFailed {
      let bytes = try standardInput.next()
      isAtEnd = bytes.isEmpty
      var events = (isAtEnd ? input.finish() : input.read(bytes))[...]
      while !events.isEmpty {
        isValid = try record(events.prefix(EventRecorder.batchSize), with: recorder) && isValid
        events = events.dropFirst(EventRecorder.batchSize)
      }
    }
    input.sayWhatWasChanged()
    return isValid
  }

  /// Records events together.
  ///
  /// - Returns: whether all of them were valid.
  /// - Throws: `ExitCode` 69 (EX_UNAVAILABLE) or `Interruption` when none of them could be recorded.
  private func record(
    _ entries: ArraySlice<FileEntry<EventDraft>>, with recorder: EventRecorder
  ) throws -> Bool {
    var drafts: [EventDraft] = []
    var firstLine: Int?
    for entry in entries {
      switch entry.content {
      case .success(let draft):
        drafts.append(draft)
        firstLine = firstLine ?? entry.line
      case .failure(let error): Exit.say("line \(entry.line): \(error)")
      }
    }
    let isValid = drafts.count == entries.count
    guard let firstLine else { return isValid }
    do {
      try recorder.record(drafts)
    } catch {
      let reason = error is Interruption ? "interrupted" : "\(error)"
      Exit.say("line \(firstLine) and what follows were not recorded: \(reason)")
      throw error is Interruption ? error : ExitCode(EX_UNAVAILABLE)
    }
    return isValid
  }

  private func recordJournal(
    to log: SharedLog, _ defaults: EventDefaults, _ signals: CommandSignals
  ) throws -> Bool {
    var shipper = try JournalShipper(log, defaults, cursorFile: cursorFile)
    var standardInput = StandardInput(signals)
    while true {
      let bytes = try standardInput.next()
      try shipper.record(bytes)
      if bytes.isEmpty { return shipper.isValid }
    }
  }

  private func draft(_ message: String) throws(InvalidEntry) -> EventDraft {
    var fields = EventDraftFields()
    for member in EventMember.allCases {
      switch member {
      case .id, .timestamp, .recordedBy: break
      case .type: fields.type = type.map { Text($0) }
      case .source: fields.source = source
      case .message: fields.message = message
      case .userID: fields.userID = userID
      case .requestID: fields.requestID = requestID
      case .tags: fields.tags = tag
      case .data:
        do {
          fields.data = try data.map { text throws(InvalidMember) in try EventData(parsing: text) }
        } catch {
          fields.note(error)
        }
      case .occurredAt:
        fields.occurredAt = occurredAt.flatMap { Timestamp(rfc3339: $0, roundsUp: false) }
        if occurredAt != nil, fields.occurredAt == nil { fields.note(.notAMoment) }
      }
    }
    do { return try EventDraft(fields) } catch { throw InvalidEntry(error) }
  }
}

extension AppendCommand: EnvironmentOptions {
  static let environmentOptions = StoreOptions.environmentOptions + SizeOptions.environmentOptions
}
