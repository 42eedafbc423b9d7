import ArgumentParser
import EventLog
import Foundation

/// `eventlog append`.
struct AppendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "append",
    abstract: "Record events, and print their ids when they are on disk.",
    discussion: """
      With a message it records that one event. Without, each line of standard input is the message of an event: \
      tail -F service.log | eventlog append --type info --source service. Blank lines are left out.

      Exit codes: 0; 64 a wrong option; 65 an event is not valid, and neither it nor what came with it was recorded; \
      69 the log cannot be used.
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
      if let message { return try append([try draft(message)], to: store) }
      var lines = LineReader()
      while let messages = lines.next(from: .standardInput) {
        let drafts = try messages.filter { !$0.allSatisfy(\.isWhitespace) }.map(draft)
        try append(drafts, to: store)
      }
    }
  }

  private func append(_ drafts: [EventDraft], to store: any EventStore) throws {
    if drafts.isEmpty { return }
    let events = try waitFor { try await store.append(drafts) }
    let ids = events.map { "\($0.id)\n" }.joined()
    try FileHandle.standardOutput.write(contentsOf: Data(ids.utf8))
  }

  private func draft(_ message: String) throws -> EventDraft {
    var fields = EventDraftFields()
    fields.type = type
    fields.source = source
    fields.message = message
    fields.userID = userID
    fields.requestID = requestID
    fields.tags = tag
    do throws(InvalidMember) {
      fields.data = try data.map { text throws(InvalidMember) in try EventData(parsing: text) }
    } catch { fields.note(error) }
    do {
      return try EventDraft(fields)
    } catch {
      for error in error.errors { Exit.say("\(error.pointer.dropFirst()) \(error.detail)") }
      throw ExitCode(EX_DATAERR)
    }
  }
}

/// Cuts what arrives into lines, as many at a time as there are.
private struct LineReader {
  private var rest: [UInt8] = []
  private var isAtEnd = false

  /// - Returns: the lines that are there, once there are some; nil at the end. A last line need not end.
  mutating func next(from file: FileHandle) -> [String]? {
    while !isAtEnd {
      let bytes = file.availableData
      isAtEnd = bytes.isEmpty
      rest += bytes
      let end = isAtEnd ? rest.endIndex : rest.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      if end == 0 { continue }
      let lines = rest[..<end].split(separator: UInt8(ascii: "\n")).map { line in
        String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
      }
      rest.removeFirst(end)
      return lines
    }
    return nil
  }
}
