import ArgumentParser
import Foundation

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

  /// Tells the person who runs the command.
  static func say(_ text: String) {
    FileHandle.standardError.write(Data("eventlog: \(text)\n".utf8))
  }
}
