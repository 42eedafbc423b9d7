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
      With a message, the command records that one event. Without one, each line of standard input is the message of \
      an event: tail -F service.log | eventlog append --type info --source service. Blank lines are left out. What a \
      program writes for a terminal, such as colors, is left out of its lines, and the command says so at the end. A \
      line that is not a valid message is reported on standard error and left out.

      While another process writes to the log for long, the command waits. A message that starts with a dash comes \
      after --.

      Exit codes: 0 on success; 64 for a wrong option; 65 if something was invalid and so was not recorded; 66 if \
      standard input cannot be read; 69 if the log cannot be used.
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var size: SizeOptions

  @Option(help: ArgumentHelp("The event's type: \(EventType.allowedNames).", valueName: "name"))
  var type: String

  @Option(help: ArgumentHelp("Who or what the event comes from.", valueName: "text"))
  var source: String

  @Option(help: ArgumentHelp("The user's id.", valueName: "id"))
  var userID: String?

  @Option(help: ArgumentHelp("The request's id.", valueName: "id"))
  var requestID: String?

  @Option(help: ArgumentHelp("A tag; repeat the option for several.", valueName: "tag"))
  var tag: [String] = []

  @Option(help: ArgumentHelp("A JSON object with further details.", valueName: "json"))
  var data: String?

  @Argument(help: "The message; without it, lines are read from standard input.")
  var message: String?

  func run() throws {
    // Without a reader of the ids, events are still recorded.
    signal(SIGPIPE, SIG_IGN)
    try Exit.unavailable {
      let signals = try CommandSignals()
      let log = try SharedLog(store, size, signals)
      defer { log.close() }
      let recorder = EventRecorder(log)
      if let message {
        do {
          try recorder.record([draft(message)])
        } catch let error as InvalidEntry {
          Exit.say(error.description)
          throw ExitCode(EX_DATAERR)
        }
      } else {
        try recordLines(with: recorder, signals)
      }
    }
  }

  /// Records the lines of standard input; those that have arrived together are recorded together.
  private func recordLines(with recorder: EventRecorder, _ signals: CommandSignals) throws {
    var input = LineInput(signals)
    var isValid = true
    while let lines = try input.next() {
      for start in stride(from: 0, to: lines.count, by: EventRecorder.batchSize) {
        let batch = lines[start...].prefix(EventRecorder.batchSize)
        isValid = try record(batch, with: recorder) && isValid
      }
    }
    input.sayWhatWasChanged()
    if !isValid { throw ExitCode(EX_DATAERR) }
  }

  /// Records lines together.
  ///
  /// - Returns: whether all of them were valid.
  /// - Throws: `ExitCode` 69 (EX_UNAVAILABLE) or `Interruption` when none of them could be recorded.
  private func record(_ lines: ArraySlice<TextLine>, with recorder: EventRecorder) throws -> Bool {
    var drafts: [EventDraft] = []
    var firstLine: Int?
    var isValid = true
    for line in lines {
      do {
        let text = try line.content.get()
        if text.isBlank { continue }
        drafts.append(try draft(text))
        firstLine = firstLine ?? line.line
      } catch {
        Exit.say("line \(line.line): \(error)")
        isValid = false
      }
    }
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

  private func draft(_ message: String) throws(InvalidEntry) -> EventDraft {
    var fields = EventDraftFields()
    for member in EventMember.allCases {
      switch member {
      case .id, .timestamp: break
      case .type: fields.type = Text(type)
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
      }
    }
    do { return try EventDraft(fields) } catch { throw InvalidEntry(error) }
  }
}

extension AppendCommand: EnvironmentOptions {
  static let environmentOptions = StoreOptions.environmentOptions + SizeOptions.environmentOptions
}

extension String {
  fileprivate var isBlank: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
