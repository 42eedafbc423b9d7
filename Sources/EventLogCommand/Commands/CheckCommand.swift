import ArgumentParser
import EventLogSQLite
import Glibc

/// The command `eventlog check`, which checks the log for damage.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check the log for damage while it is in use.",
    discussion: """
      The command reads everything, which takes a few seconds for a million events, and changes nothing. It reports \
      damage on standard error.

      Exit codes: 0 if nothing is wrong; 64 for a wrong option; 65 if the log is damaged; 69 if the log cannot be \
      read; 74 if the output cannot be written.
      """)

  @OptionGroup var store: StoreOptions

  func run() throws {
    try Exit.unavailable {
      let check = try IntegrityCheck(path: try store.existingFile())
      guard check.problems.isEmpty else {
        for problem in check.problems { Exit.say(problem) }
        throw ExitCode(EX_DATAERR)
      }
      try Exit.print("\(check.events) events were checked, and nothing is wrong.")
    }
  }
}
