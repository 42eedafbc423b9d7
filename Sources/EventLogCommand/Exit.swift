import ArgumentParser
import EventLog
import Glibc
import Linux
import SystemPackage

/// How commands end when something fails.
enum Exit {
  /// Runs what uses a log; what it throws is told in one sentence.
  ///
  /// - Throws: `ExitCode` 69 (EX_UNAVAILABLE), or what the command itself has to say.
  static func unavailable(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error where !(error is ValidationError) && !(error is ExitCode) {
      say("\(error)")
      throw ExitCode(EX_UNAVAILABLE)
    }
  }

  /// Runs what writes to a file; that it cannot be written is told in one sentence.
  ///
  /// - Parameters:
  ///   - name: of the file; nil is standard output.
  ///   - body: writes.
  /// - Throws: `ExitCode` 74 (EX_IOERR), or the `EventStoreError` of what is to be written.
  static func inputOutput(writing name: String? = nil, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error where !(error is EventStoreError) {
      let reason = (error as? SystemCallError)?.errno.description ?? "\(error)"
      say("cannot write \(name ?? "the output"): \(reason)")
      throw ExitCode(EX_IOERR)
    }
  }

  /// Tells the person who runs the command.
  static func say(_ text: String) {
    _ = try? FileDescriptor.standardError.writeAll("eventlog: \(text)\n".utf8)
  }
}
