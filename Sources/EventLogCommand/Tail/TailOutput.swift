import EventLog
import EventLogFormats
import Glibc
import Linux
import SystemPackage

/// Standard output of `eventlog tail`: what is shown is written at once.
struct TailOutput {
  private enum Form {
    case table(EventTable)
    case events(any EventWriter)
  }

  private var form: Form

  /// - Parameters:
  ///   - format: the format.
  ///   - isFollowing: whether more events come later.
  init(_ format: ListFormat, isFollowing: Bool) {
    form =
      switch format {
      case .table: .table(EventTable(isColored: Terminal.isColored, isOpen: isFollowing))
      case .events(let format): .events(format.writer)
      }
  }

  /// Writes events.
  ///
  /// - Throws: `ExitCode` 74 (EX_IOERR) when they cannot be written.
  mutating func write(_ events: [Event]) throws {
    switch form {
    case .table(var table):
      let text = table.text(events, width: Terminal.width)
      form = .table(table)
      if !text.isEmpty { try Exit.print(text) }
    case .events(var writer):
      for event in events { writer.append(event: event) }
      try Self.write(&writer)
      form = .events(writer)
    }
  }

  /// Ends the text.
  ///
  /// - Throws: `ExitCode` 74 (EX_IOERR) when it cannot be written.
  mutating func finish() throws {
    guard case .events(var writer) = form else { return }
    writer.finish()
    try Self.write(&writer)
    form = .events(writer)
  }

  /// Ends the process as a write would do, since nobody reads the output any longer.
  ///
  /// - Throws: `ExitCode` 74 (EX_IOERR) when the process ignores SIGPIPE.
  static func endUnread() throws -> Never {
    raise(SIGPIPE)
    try Exit.inputOutput { throw SystemCallError("write", .brokenPipe) }
    exit(EX_IOERR)
  }

  private static func write(_ writer: inout any EventWriter) throws {
    let text = writer.text
    writer.text = []
    if !text.isEmpty { try Exit.inputOutput { try FileDescriptor.standardOutput.write(all: text) } }
  }
}

extension EventWriter {
  fileprivate mutating func append(event: Event) { append(Item(event, by: .timestamp)) }
}
