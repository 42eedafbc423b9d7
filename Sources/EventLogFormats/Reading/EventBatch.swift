public import EventLog

/// The events of one request, all of which are valid.
public struct EventBatch: Sendable {
  /// The most events of a batch.
  public static let maximumCount = 10_000
  /// The number of bytes that are read before the events are counted and the errors looked at.
  private static let partSize = 8192
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The events, at least one.
  public private(set) var drafts: [EventDraft] = []

  /// Reads all events of a text.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - format: the format of the text.
  ///   - dropped: the members that are left out, whatever their values are.
  ///   - defaults: what an event has where the text does not say it.
  /// - Throws: `InvalidBatch`, which names the first hundred errors.
  public init(
    _ text: [UInt8], as format: EventFormat, dropping dropped: Set<EventMember> = [],
    defaults: EventDefaults = EventDefaults()
  ) throws(InvalidBatch) {
    let content = text.starts(with: Self.byteOrderMark) ? text.dropFirst(Self.byteOrderMark.count) : text[...]
    let start = content.firstIndex { !$0.isJSONWhitespace } ?? content.endIndex
    let blankLines = content[..<start].count { $0 == UInt8(ascii: "\n") }
    var reader = format.reader(line: blankLines + 1, dropping: dropped, defaults: defaults)
    var rest = content[start...]
    var errors: [InvalidBatch.Entry] = []
    var count = 0
    var isAtEnd = false
    while !isAtEnd, errors.count < InvalidBatch.maximumErrors {
      isAtEnd = rest.isEmpty
      let entries = isAtEnd ? reader.finish() : reader.read(Array(rest.prefix(Self.partSize)))
      rest = rest.dropFirst(Self.partSize)
      for entry in entries {
        guard count < Self.maximumCount else { throw .hasTooMany }
        switch entry.content {
        case .success(let event):
          errors += event.errorsIfNew.map {
            InvalidBatch.Entry(index: count, line: entry.line, error: $0)
          }
          drafts.append(event.draft)
        case .failure(let error): errors += InvalidBatch.Entry.all(error, index: count, line: entry.line)
        }
        count += 1
      }
    }
    guard errors.isEmpty else { throw .hasErrors(Array(errors.prefix(InvalidBatch.maximumErrors))) }
    if drafts.isEmpty { throw .isEmpty }
  }
}
