import EventLog
import EventLogFormats

/// Reads events from what arrives on standard input.
protocol AppendInput {
  /// Whether the rest cannot be read because of what came before it.
  var hasFailed: Bool { get }

  /// - Parameter bytes: the next part of the text.
  /// - Returns: the events that end in this part.
  mutating func read(_ bytes: [UInt8]) -> [FileEntry<EventDraft>]

  /// - Returns: the events that remain when the text has ended.
  mutating func finish() -> [FileEntry<EventDraft>]

  /// Says at the end what was changed in the events.
  func sayWhatWasChanged()
}

extension EventLines: AppendInput {
  func sayWhatWasChanged() {}
}
