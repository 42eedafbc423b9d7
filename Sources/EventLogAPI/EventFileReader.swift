public import EventLog
import JSON

/// Reads events from a text in any of the representations, in constant memory. Which one it is, its first character
/// tells.
public struct EventFileReader {
  /// What stands at one place of the text.
  public struct Entry: Sendable {
    /// The line on which it starts, counted from 1.
    public let line: Int
    public let content: Result<ImportedEvent, InvalidEntry>
  }

  private let nextBytes: () throws -> [UInt8]
  private var splitter: RecordSplitter?
  /// Before the first character that is not white space.
  private var blankLines = 0
  /// The records that were split off and not yet read.
  private var records: ArraySlice<RecordSplitter.Record> = []
  private var isAtEnd = false
  /// Of a CSV file, in its order.
  private var columns: [String]?

  /// - Parameter nextBytes: gives the next bytes of the text, none at its end.
  public init(nextBytes: @escaping () throws -> [UInt8]) {
    self.nextBytes = nextBytes
  }

  /// - Returns: the next entry; nil at the end.
  /// - Throws: what `nextBytes` throws.
  public mutating func next() throws -> Entry? {
    while true {
      while let record = records.popFirst() {
        if let entry = read(record) { return entry }
      }
      if isAtEnd { return nil }
      var bytes = try nextBytes()
      isAtEnd = bytes.isEmpty
      if splitter == nil {
        let start = bytes.firstIndex { !" \t\r\n".utf8.contains($0) } ?? bytes.endIndex
        blankLines += bytes[..<start].count { $0 == UInt8(ascii: "\n") }
        bytes.removeFirst(start)
        splitter = bytes.first.map {
          RecordSplitter(EventRepresentation(firstByte: $0), line: blankLines + 1)
        }
      }
      records = isAtEnd ? splitter?.finish() ?? [] : splitter?.split(bytes) ?? []
    }
  }

  /// - Returns: nil when the record is a CSV file's header.
  private mutating func read(_ record: RecordSplitter.Record) -> Entry? {
    do throws(InvalidEntry) {
      let json: JSONValue
      switch record.content {
      case .incomplete(let detail): throw InvalidEntry(detail)
      case .json(let text):
        do { json = try JSONValue(parsing: text) } catch {
          throw InvalidEntry("it is not JSON: \(error.reason), at byte \(error.offset) of it")
        }
      case .cells(let cells):
        let cells = try cells.map { bytes throws(InvalidEntry) in
          guard let cell = String(validating: bytes, as: UTF8.self) else {
            throw InvalidEntry("it is not UTF-8")
          }
          return cell
        }
        guard let columns else {
          columns = try EventCSV.columns(ofHeader: cells)
          return nil
        }
        json = try EventCSV.json(cells, columns)
      }
      do { return Entry(line: record.line, content: .success(try ImportedEvent(json))) } catch {
        throw InvalidEntry(error)
      }
    } catch {
      // Without a header the rest cannot be read either.
      if case .cells = record.content, columns == nil { isAtEnd = true; records = [] }
      return Entry(line: record.line, content: .failure(error))
    }
  }
}

/// Why an entry of a file is not an event, as a sentence part: `message must not be blank`.
public struct InvalidEntry: Error, Equatable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }

  /// - Parameter error: whose members are named.
  public init(_ error: InvalidEvent) {
    description = error.errors.map { error in
      let place = error.pointer.dropFirst()
      return (place.isEmpty ? "it" : place) + " " + error.detail
    }.joined(separator: "; ")
  }
}

extension EventRepresentation {
  fileprivate init(firstByte: UInt8) {
    switch firstByte {
    case UInt8(ascii: "["): self = .json
    case UInt8(ascii: "{"): self = .ndjson
    default: self = .csv
    }
  }
}
