import ArgumentParser
import EventLog
import EventLogSQLite
import Foundation

/// `eventlog backup`.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the log into a file, while it is in use.",
    discussion: """
      The copy is the log as it is at one moment; nobody who uses the log waits for it. It is a log itself: \
      `eventlog serve --store sqlite:FILE` serves it. Until it is whole it has another name.

      Exit codes: 0; 64 a wrong option; 69 the log cannot be read or the copy cannot be written; 73 the file is there \
      already.
      """)

  @OptionGroup var store: StoreOptions

  @Flag(help: "Replace a file that is there.")
  var force = false

  @Argument(help: ArgumentHelp("Where the copy goes.", valueName: "file"))
  var destination: String

  func run() throws {
    try Exit.unavailable {
      let path = try store.existingFile()
      if !force, FileManager.default.fileExists(atPath: destination) {
        Exit.say("\(destination) is there already; --force replaces it")
        throw ExitCode(EX_CANTCREAT)
      }
      try Backup.copy(path, to: destination)
    }
  }
}
