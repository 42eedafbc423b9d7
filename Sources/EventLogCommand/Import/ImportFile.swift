import ArgumentParser
import EventLogFormats
import Glibc
import Linux
import SystemPackage

/// The input of an import, as a file that can be read more than once. What does not come from a regular file is first
/// copied to a temporary file, which has no name, so that no other user can open it and nothing of it is left.
struct ImportFile {
  private let name: String
  private let source: ImportSource
  private let descriptor: FileDescriptor
  /// The offset at which the input starts, in bytes. Standard input may have been read up to there.
  private let start: Int64
  private let signals: CommandSignals
  private let state: State
  /// The input's size in bytes.
  let size: Int

  /// What shows that somebody has changed a file.
  private struct State: Equatable {
    let size: Int64
    /// The bytes of the time of the last change.
    let time: [UInt8]

    init(of file: FileDescriptor) throws {
      let status = try file.stat()
      size = status.size
      time = withUnsafeBytes(of: status.st_mtim) { Array($0) }
    }
  }

  /// Opens the input, and copies it if it can be read only once.
  ///
  /// - Parameters:
  ///   - name: a path, a URL, or `-` for standard input.
  ///   - signals: the signals that end the reading.
  /// - Throws: `ExitCode` 66 (EX_NOINPUT) when the input cannot be read or copied; `Interruption`.
  init(_ name: String, _ signals: CommandSignals) throws {
    self.name = name
    self.signals = signals
    (source, descriptor, start, state) = try Self.reading(name) {
      let source = try ImportSource(name)
      var file = source.descriptor
      var start: Int64 = 0
      if try file.stat().type == .regular {
        start = try file.seek(offset: 0, from: .current)
      } else {
        file = try source.copy(signals)
      }
      return (source, file, start, try State(of: file))
    }
    size = Int(max(0, state.size - start))
  }

  /// Reads the file's entries from its beginning on, until `body` has enough of them.
  ///
  /// - Parameters:
  ///   - what: the activity that the progress bar names.
  ///   - body: receives an entry, and returns whether it needs more.
  /// - Throws: `ExitCode` 65 (EX_DATAERR) when the file's compression is damaged; 66 (EX_NOINPUT) when the file cannot
  ///   be read; `Interruption`, or what `body` throws.
  func forEachEntry(_ what: String, _ body: (FileEntry<ImportedEvent>) throws -> Bool) throws {
    let progress = ProgressBar(what, total: size)
    defer { progress.end() }
    var offset = start
    var reader = EventFileReader {
      try signals.check()
      var bytes = [UInt8](repeating: 0, count: 1 << 18)
      let count = try bytes.withUnsafeMutableBytes {
        try descriptor.read(fromAbsoluteOffset: offset, into: $0)
      }
      offset += Int64(count)
      progress.show(Int(offset - start))
      return Array(bytes.prefix(count))
    }
    while let entry = try Self.reading(name, { try reader.next() }), try body(entry) {}
  }

  /// Makes sure that the file is still the one that was checked.
  ///
  /// - Throws: `ExitCode` 66 (EX_NOINPUT) when somebody has changed the file since it was opened.
  func requireUnchanged() throws {
    guard try Self.reading(name, { try State(of: descriptor) }) == state else {
      Exit.say("\(name) was changed while it was being imported")
      throw ExitCode(EX_NOINPUT)
    }
  }

  /// Runs code that reads the input, and reports in one sentence if the input cannot be read.
  private static func reading<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as SystemCallError {
      Exit.say("cannot read \(name): \(error.errno)")
    } catch let error as Errno {
      Exit.say("cannot read \(name): \(error)")
    } catch is ImportSource.CannotDownload {
      Exit.say("cannot read \(name); curl gives the reason above")
    } catch let error as ImportSource.CannotCopy {
      Exit.say("cannot copy the input: \(error.reason); TMPDIR can name a folder with more room")
    } catch let error as InvalidGzip {
      Exit.say("cannot read \(name): \(error)")
      throw ExitCode(EX_DATAERR)
    }
    throw ExitCode(EX_NOINPUT)
  }
}
