import ArgumentParser
import EventLog
import EventLogAPI
import Foundation

/// `eventlog append`.
struct AppendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "append",
    abstract: "Record events, and print their ids when they are on disk.",
    discussion: """
      With a message it records that one event. Without, each line of standard input is the message of an event: \
      tail -F service.log | eventlog append --type info --source service. Blank lines are left out; a line that is no \
      valid message is named on standard error and left out.

      Exit codes: 0; 64 a wrong option; 65 something was not valid and so not recorded; 69 the log cannot be used.
      """)

  @OptionGroup var store: StoreOptions

  @Option(help: ArgumentHelp("\(EventType.allowedNames).", valueName: "name"))
  var type: String

  @Option(help: ArgumentHelp("Who or what the event comes from.", valueName: "text"))
  var source: String

  @Option(help: ArgumentHelp("The user's id.", valueName: "id"))
  var userID: String?

  @Option(help: ArgumentHelp("The request's id.", valueName: "id"))
  var requestID: String?

  @Option(help: ArgumentHelp("A tag; repeat it for several.", valueName: "tag"))
  var tag: [String] = []

  @Option(help: ArgumentHelp("A JSON object with further facts.", valueName: "json"))
  var data: String?

  @Argument(help: "The message; without it, lines are read from standard input.")
  var message: String?

  func run() throws {
    try Exit.unavailable {
      let store = try store.openShared(mustExist: false)
      if let message {
        do {
          return try append([try draft(message)], to: store)
        } catch let error as InvalidEvent {
          Exit.say(InvalidEntry(error).description)
          throw ExitCode(EX_DATAERR)
        }
      }
      try appendLines(to: store)
    }
  }

  private func appendLines(to store: any EventStore) throws {
    var lines = LineReader()
    var isValid = true
    while let messages = lines.next(from: .standardInput) {
      var drafts: [EventDraft] = []
      for (number, bytes) in messages {
        guard let message = String(validating: bytes, as: UTF8.self) else {
          Exit.say("line \(number): it is not UTF-8")
          isValid = false
          continue
        }
        if message.allSatisfy(\.isWhitespace) { continue }
        do {
          drafts.append(try draft(message))
        } catch {
          Exit.say("line \(number): \(InvalidEntry(error))")
          isValid = false
        }
      }
      try append(drafts, to: store)
    }
    if !isValid { throw ExitCode(EX_DATAERR) }
  }

  private func append(_ drafts: [EventDraft], to store: any EventStore) throws {
    if drafts.isEmpty { return }
    let events = try waitFor { try await store.append(drafts) }
    let ids = events.map { "\($0.id)\n" }.joined()
    try FileHandle.standardOutput.write(contentsOf: Data(ids.utf8))
  }

  private func draft(_ message: String) throws(InvalidEvent) -> EventDraft {
    var fields = EventDraftFields()
    fields.type = type
    fields.source = source
    fields.message = message
    fields.userID = userID
    fields.requestID = requestID
    fields.tags = tag
    do {
      fields.data = try data.map { text throws(InvalidMember) in try EventData(parsing: text) }
    } catch {
      fields.note(error)
    }
    return try EventDraft(fields)
  }
}

/// Cuts what arrives into lines, as many at a time as there are.
private struct LineReader {
  private var rest: [UInt8] = []
  private var count = 0
  private var isAtEnd = false

  /// - Returns: the lines that are there, once there are some, each with its number; nil at the end. The last line
  ///   need not end.
  mutating func next(from file: FileHandle) -> [(number: Int, bytes: ArraySlice<UInt8>)]? {
    while !isAtEnd {
      let bytes = file.availableData
      isAtEnd = bytes.isEmpty
      rest += bytes
      let end = isAtEnd ? rest.endIndex : rest.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      if end == 0 { continue }
      var lines = rest[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      if lines.last?.isEmpty == true { lines.removeLast() }
      rest.removeFirst(end)
      defer { count += lines.count }
      return zip((count + 1)..., lines).map { ($0, $1.last == UInt8(ascii: "\r") ? $1.dropLast() : $1) }
    }
    return nil
  }
}
