import ArgumentParser
import EventLog
import Glibc
import Linux
import SystemPackage

/// The ways in which commands report a failure and end.
enum Exit {
  /// Runs code that uses a log, and reports an error in one sentence.
  ///
  /// - Parameter body: the code that uses a log.
  /// - Throws: `ExitCode` 69 (EX_UNAVAILABLE) for an error, except for a `ValidationError` or an `ExitCode`, which pass
  ///   through.
  static func unavailable(_ body: () throws -> Void) throws {
    do {
      try body()
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
      let reason = (error as? SystemCallError)?.errno.description ?? "\(error)"
      say("cannot write \(name ?? "the output"): \(reason)")
      throw ExitCode(EX_IOERR)
    }
  }

  /// Writes a line to standard error, for the person who runs the command.
  static func say(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll("eventlog: \(text)\n".utf8)
  }
}
