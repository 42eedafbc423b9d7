import ArgumentParser
import EventLog
import EventLogFormats
import Glibc
import Linux
import SystemPackage
import Text

/// Records what journalctl writes, and how far it has come: both or neither. So nothing is lost, and nothing is recorded
/// twice, whenever the command or the machine stops and wherever journalctl begins again.
struct JournalShipper {
  private let log: SharedLog
  private let defaults: EventDefaults
  /// The file that keeps the cursor of the last entry that is on disk, for journalctl; nil when nobody wants to know it.
  private let cursorFile: String?
  private var splitter = LineSplitter()
  private var progress: ImportProgress?
  private var position: JournalPosition
  private(set) var isValid = true

  /// - Parameters:
  ///   - log: the log.
  ///   - defaults: the type of all events, and the source of those whose entry names none.
  ///   - cursorFile: the path of the file for the cursor.
  /// - Throws: `EventStoreError` when the log cannot be read; `Interruption`.
  init(_ log: SharedLog, _ defaults: EventDefaults, cursorFile: String?) throws {
    self.log = log
    self.defaults = defaults
    self.cursorFile = cursorFile
    let imports = try log.whenFree { try await $0.unfinishedImports() }
    progress = imports.first(where: \.isOfJournal)
    position = progress.flatMap { JournalPosition(Text($0.digest)) } ?? JournalPosition()
  }

  /// Records the entries that end in a part of the input and were not recorded before.
  ///
  /// - Parameter bytes: the next part; nothing at the end.
  /// - Throws: `ExitCode` 69 (EX_UNAVAILABLE) or `Interruption` when none of them could be recorded.
  mutating func record(_ bytes: [UInt8]) throws {
    var lines = (bytes.isEmpty ? splitter.finish() : splitter.split(bytes))[...]
    while !lines.isEmpty {
      try record(lines.prefix(EventRecorder.batchSize))
      lines = lines.dropFirst(EventRecorder.batchSize)
    }
  }

  private mutating func record(_ lines: ArraySlice<FileEntry<[UInt8]>>) throws {
    var items: [ImportPart.Item] = []
    var next = position
    var last: Text?
    for line in lines {
      do throws(InvalidEntry) {
        let text = try line.content.get()
        if text.isEmpty { continue }
        let entry = try JournalEntry(parsing: text)
        if next.has(entry.place) { continue }
        items.append(ImportPart.Item(id: nil, timestamp: nil, draft: try entry.draft(defaults)))
        next.note(entry.place)
        last = entry.cursor
      } catch {
        Exit.say("line \(line.line): \(error)")
        isValid = false
      }
    }
    guard let last, let first = lines.first?.line else { return }
    let after = ImportProgress.ofJournal(count: (progress?.count ?? 0) + items.count, next.text.string)
    let part = ImportPart(items, before: progress, after: after)
    do {
      guard try log.whenFree({ try await $0.record(part) }) != nil else {
        Exit.say("line \(first) and what follows were not recorded: another process records the journal")
        throw ExitCode(EX_UNAVAILABLE)
      }
    } catch let error as EventStoreError {
      Exit.say("line \(first) and what follows were not recorded: \(error)")
      throw ExitCode(EX_UNAVAILABLE)
    }
    (progress, position) = (after, next)
    try keep(last)
  }

  /// Keeps a cursor for journalctl. It tells where to begin, and nothing is recorded twice where it is old or lost.
  private func keep(_ cursor: Text) throws {
    guard let cursorFile else { return }
    try Exit.inputOutput(writing: cursorFile) {
      let file = try AtomicFile(at: cursorFile)
      try file.descriptor.write(all: Array("\(cursor)\n".utf8))
      try file.commit()
    }
  }
}
