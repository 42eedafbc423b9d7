import ArgumentParser
import EventLog
import EventLogSQLite
import Glibc
import Linux

/// The command `eventlog restore`, which puts a backup in the place of the log.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a backup in the place of the log.",
    discussion: """
      The backup is copied, and the copy is checked, before it becomes the log. The backup stays as it is. The old log \
      is put aside with the name FILE.replaced-TIME, and no event of it is lost. Stop what serves the log first: a log \
      that is in use is not replaced. The keys are those of the backup, too: what was made since then is gone, and what was \
      revoked is valid again. Everybody has to log in anew.

      Exit codes: 0 on success; 64 for a wrong option; 65 if the backup is damaged; 66 if the backup cannot be read; \
      69 if the log is in use or cannot be replaced.
      """)

  @OptionGroup var store: StoreOptions

  @Argument(help: ArgumentHelp("The backup, or any other file with a whole log.", valueName: "file"))
  var backup: String

  func run() throws {
    try Exit.unavailable {
      let log = try store.path
      let signals = try CommandSignals()
      let bars = [
        Restoration.Stage.copying: ProgressBar("Copying", total: 1000),
        .checking: ProgressBar("Checking", total: 1000),
      ]
      do throws(RestorationFailure) {
        let done = try Restoration.restore(backup, to: log) { stage, part in
          if signals.interruption != nil { throw CancellationError() }
          bars[stage]?.show(Int(part * 1000))
        }
        bars[.checking]?.end()
        let old = done.oldLog.map { " The old log is \($0)." } ?? ""
        let keys =
          done.keys == 0
          ? ""
          : " Its keys are those of the backup, \(done.keys) in all; what was revoked since then is valid again."
        Exit.print(
          "\(done.events) events were restored from \(backup).\(old)\(keys)", done: "the log is restored")
      } catch {
        bars[.checking]?.end()
        signals.interruption?.endProcess()
        throw Self.exit(error, from: backup)
      }
    }
  }

  /// Says why a backup was not restored.
  private static func exit(_ failure: RestorationFailure, from backup: String) -> ExitCode {
    switch failure {
    case .backup(let error):
      Exit.say("cannot read \(backup): \(error)")
      return ExitCode(EX_NOINPUT)
    case .damaged(let problems):
      for problem in problems { Exit.say("\(backup) is damaged: \(problem)") }
      return ExitCode(EX_DATAERR)
    case .log(let error):
      Exit.say(error.description)
      return ExitCode(EX_UNAVAILABLE)
    }
  }
}
