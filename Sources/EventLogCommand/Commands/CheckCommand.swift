import ArgumentParser
import EventLogSQLite
import Foundation

/// `eventlog check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look for damage in the log, while it is in use.",
    discussion: """
      It reads everything, which takes some seconds for a million events, and changes nothing.

      Exit codes: 0 nothing is wrong; 64 a wrong option; 65 what is wrong is written to standard error; 69 the log \
      cannot be read.
      """)

  @OptionGroup var store: StoreOptions

  func run() throws {
    try Exit.unavailable {
      let check = try IntegrityCheck(path: try store.existingFile())
      guard check.problems.isEmpty else {
        for problem in check.problems { Exit.say(problem) }
        throw ExitCode(EX_DATAERR)
      }
      print("\(check.events) events, nothing is wrong.")
    }
  }
}
