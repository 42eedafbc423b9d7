public import EventLog

/// Reads events that somebody goes on writing, in one of the formats.
public struct EventLines: Sendable {
  private var reader: any EventReader

  /// - Parameters:
  ///   - format: the format.
  ///   - defaults: what events have where the text does not say it.
  public init(_ format: EventFormat, defaults: EventDefaults) {
    reader = format.reader(line: 1, defaults: defaults)
  }

  /// Whether the rest of the text cannot be read because of what came before it.
  public var hasFailed: Bool { reader.hasFailed }

  /// - Parameter bytes: the next part of the text.
  /// - Returns: the events that end in this part. One that has what only the log gives is an `InvalidEntry`.
  public mutating func read(_ bytes: [UInt8]) -> [FileEntry<EventDraft>] { reader.read(bytes).map(\.draft) }

  /// - Returns: the events that remain when the text has ended.
  public mutating func finish() -> [FileEntry<EventDraft>] { reader.finish().map(\.draft) }
}

extension FileEntry<ImportedEvent> {
  fileprivate var draft: FileEntry<EventDraft> {
    FileEntry<EventDraft>(
      line: line,
      content: content.flatMap { event in
        let errors = event.errorsIfNew
        return errors.isEmpty ? .success(event.draft) : .failure(InvalidEntry(InvalidEvent(errors: errors)))
      })
  }
}
