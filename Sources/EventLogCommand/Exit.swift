import ArgumentParser
import EventLog
import Glibc
import Linux
import SystemPackage

/// The ways in which commands say something, report a failure and end.
enum Exit {
  /// Runs code that uses a log, and reports an error in one sentence. An `Interruption` ends the process.
  ///
  /// - Parameter body: the code that uses a log.
  /// - Throws: `ExitCode` 69 (EX_UNAVAILABLE) for an error, except for a `ValidationError` or an `ExitCode`, which pass
  ///   through.
  static func unavailable(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let interruption as Interruption {
      interruption.endProcess()
    } catch let error where !(error is ValidationError) && !(error is ExitCode) {
      say("\(error)")
      throw ExitCode(EX_UNAVAILABLE)
    }
  }

  /// Runs code that writes to a file, and reports in one sentence if the file cannot be written.
  ///
  /// - Parameters:
  ///   - name: the file's name; nil means standard output.
  ///   - body: the code that writes to the file.
  /// - Throws: `ExitCode` 74 (EX_IOERR) when the file cannot be written; an `EventStoreError` of the log that is being
  ///   read passes through.
  static func inputOutput(writing name: String? = nil, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error where !(error is EventStoreError) {
      say("cannot write \(name ?? "the output"): \(reason(error))")
      throw ExitCode(EX_IOERR)
    }
  }

  /// Writes lines to standard output that the command was run for.
  ///
  /// - Parameter text: the lines, without the last line feed.
  /// - Throws: `ExitCode` 74 (EX_IOERR) when they cannot be written.
  static func print(_ text: String) throws {
    try inputOutput { try FileDescriptor.standardOutput.write(all: Array("\(text)\n".utf8)) }
  }

  /// Writes lines to standard output about something that is done. If they cannot be written, that is only said, because
  /// whoever takes it for a failure would do it again.
  ///
  /// - Parameters:
  ///   - text: the lines, without the last line feed.
  ///   - done: the beginning of a sentence that says what is done.
  /// - Returns: whether the lines were written.
  @discardableResult
  static func print(_ text: String, done: String) -> Bool {
    do {
      let text = text.printable(keeping: ["\n"])
      try FileDescriptor.standardOutput.write(all: Array("\(text)\n".utf8))
      return true
    } catch {
      say("\(done), but this cannot be written to the output: \(reason(error))")
      return false
    }
  }

  /// Writes a line to standard error, for the person who runs the command. This is the one place for what is said, so
  /// that nothing that a terminal would obey gets there from names, files or addresses.
  static func say(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll("eventlog: \(text.printable())\n".utf8)
  }

  /// Returns why a system call failed, without its name, or any other error.
  static func reason(_ error: any Error) -> String {
    (error as? SystemCallError)?.errno.description ?? "\(error)"
  }
}
