import ArgumentParser
import EventLog
import EventLogFormats
import Foundation
import Linux

/// The command `eventlog append`, which records events.
struct AppendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "append",
    abstract: "Record events, and print their ids once they are on disk.",
    discussion: """
      With a message, the command records that one event. Without one, each line of standard input is the message of \
      an event: tail -F service.log | eventlog append --type info --source service. Blank lines are left out. A line \
      that is not a valid message is reported on standard error and left out.

      Exit codes: 0 on success; 64 for a wrong option; 65 if something was invalid and so was not recorded; 69 if the \
      log cannot be used.
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
    try Exit.unavailable {
      let interruption = Interruption()
      let store = try store.openShared(mustExist: false, size.settings)
      defer { store.close() }
      try interruption.onArrival(store.close)
      if let message {
        do {
          return try append([draft(message)], to: store)
        } catch let error as InvalidEntry {
          Exit.say(error.description)
          throw ExitCode(EX_DATAERR)
        }
      }
      try appendLines(to: store)
    }
  }

  /// Records the lines of standard input; those that have arrived together are recorded together.
  private func appendLines(to store: any EventStore) throws {
    var splitter = LineSplitter()
    var isValid = true
    func append(_ lines: [FileEntry<[UInt8]>]) throws {
      let drafts = lines.compactMap { entry -> EventDraft? in
        do {
          return try draft(line: entry.content.get())
        } catch {
          Exit.say("line \(entry.line): \(error)")
          isValid = false
          return nil
        }
      }
      try self.append(drafts, to: store)
    }
    while case let bytes = FileHandle.standardInput.availableData, !bytes.isEmpty {
      try append(splitter.split([UInt8](bytes)))
    }
    try append(splitter.finish())
    if !isValid { throw ExitCode(EX_DATAERR) }
  }

  private func append(_ drafts: [EventDraft], to store: any EventStore) throws {
    if drafts.isEmpty { return }
    let events = try waitFor { try await store.append(drafts) }
    let ids = events.map { "\($0.id)\n" }.joined()
    try FileHandle.standardOutput.write(contentsOf: Data(ids.utf8))
  }

  /// - Returns: an event with the line as its message; nil when the line is blank.
  private func draft(line: [UInt8]) throws(InvalidEntry) -> EventDraft? {
    let bytes = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
    guard let message = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    return message.allSatisfy(\.isWhitespace) ? nil : try draft(message)
  }

  private func draft(_ message: String) throws(InvalidEntry) -> EventDraft {
    var fields = EventDraftFields()
    for member in EventMember.allCases {
      switch member {
      case .id, .timestamp: break
      case .type: fields.type = type
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
