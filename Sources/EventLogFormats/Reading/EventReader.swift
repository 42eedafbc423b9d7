/// Reads the events of a text in one format.
///
/// The text comes in parts, and each part is one call, which leaves the loops over bytes and records to be compiled
/// for each format.
protocol EventReader: Sendable {
  associatedtype Splitter: RecordSplitter

  var splitter: Splitter { get set }

  /// Whether nothing that follows can be read, because of what came before.
  var hasFailed: Bool { get }

  /// Reads one record.
  ///
  /// - Parameter record: what the splitter has cut out.
  /// - Returns: nil when the record is to be left out, such as a blank line.
  /// - Throws: `InvalidEntry` when it is no event.
  mutating func event(_ record: Splitter.Record) throws(InvalidEntry) -> ImportedEvent?

  /// - Parameter bytes: the next part of the text.
  /// - Returns: the entries that end in it.
  mutating func read(_ bytes: [UInt8]) -> [FileEntry<ImportedEvent>]

  /// - Returns: what is left when the text has ended.
  mutating func finish() -> [FileEntry<ImportedEvent>]
}

extension EventReader {
  var hasFailed: Bool { false }

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
        entries.append(FileEntry(line: record.line, content: .failure(error)))
      }
    }
    return entries
  }
}
