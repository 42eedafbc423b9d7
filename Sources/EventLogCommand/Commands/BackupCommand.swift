import ArgumentParser
import EventLog
import EventLogSQLite
import Foundation
import Linux

/// The command `eventlog backup`, which copies the log.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the log to a file while it is in use.",
    discussion: """
      The copy is the log as it is at one moment; nobody who uses the log has to wait. The copy is itself a log, which \
      `eventlog serve --store sqlite:FILE` serves, and which `eventlog restore` puts in the place of a log. It gets its \
      name only when it is complete, and only its owner may read it.

      Exit codes: 0 on success; 64 for a wrong option; 69 if the log cannot be read or the copy cannot be written; 73 \
      if the file already exists.
      """)

  @OptionGroup var store: StoreOptions

  @Flag(help: "Replace an existing file.")
  var force = false

  @Argument(help: ArgumentHelp("The file to copy the log to.", valueName: "file"))
  var destination: String

  func run() throws {
    try Exit.unavailable {
      let path = try store.existingFile()
      if !force, FileManager.default.fileExists(atPath: destination) {
        Exit.say("\(destination) already exists; use --force to replace it")
        throw ExitCode(EX_CANTCREAT)
      }
      let signals = try CommandSignals()
      do {
        try Backup.copy(path, to: destination, unless: { signals.interruption != nil })
      } catch {
        signals.interruption?.endProcess()
        throw error
      }
    }
  }
}
