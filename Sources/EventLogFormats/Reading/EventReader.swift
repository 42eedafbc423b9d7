/// Reads the events of a text in one format.
///
/// The text arrives in parts. Each part is one call, so the loops over bytes and records are compiled for each format.
protocol EventReader: Sendable {
  associatedtype Splitter: RecordSplitter

  var splitter: Splitter { get set }

  /// Whether the rest of the text cannot be read because of what came before it.
  var hasFailed: Bool { get set }

  /// Whether the next record is one without which the others cannot be read, such as a header.
  var needsRecord: Bool { get }

  /// Reads one record.
  ///
  /// - Parameter record: the record that the splitter has cut out.
  /// - Returns: the event; nil when the record must be skipped, such as a blank line.
  /// - Throws: `InvalidEntry` when the record is not an event.
  mutating func event(_ record: Splitter.Record) throws(InvalidEntry) -> ImportedEvent?

  /// - Parameter bytes: the next part of the text.
  /// - Returns: the entries that end in this part.
  mutating func read(_ bytes: [UInt8]) -> [FileEntry<ImportedEvent>]

  /// - Returns: the entries that remain when the text has ended.
  mutating func finish() -> [FileEntry<ImportedEvent>]
}

extension EventReader {
  var needsRecord: Bool { false }

  mutating func read(_ bytes: [UInt8]) -> [FileEntry<ImportedEvent>] {
    entries(splitter.split(bytes))
  }

  mutating func finish() -> [FileEntry<ImportedEvent>] {
    entries(splitter.finish())
  }

  private mutating func entries(_ records: [FileEntry<Splitter.Record>]) -> [FileEntry<ImportedEvent>] {
    var entries: [FileEntry<ImportedEvent>] = []
    for record in records where !hasFailed {
      do throws(InvalidEntry) {
        guard let event = try event(record.content.get()) else { continue }
        entries.append(FileEntry(line: record.line, content: .success(event)))
      } catch {
        let error = needsRecord ? error.endingReading : error
        hasFailed = error.endsReading
        entries.append(FileEntry(line: record.line, content: .failure(error)))
      }
    }
    return entries
  }
}
