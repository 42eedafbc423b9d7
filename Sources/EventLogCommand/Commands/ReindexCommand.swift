import ArgumentParser
import EventLogSQLite
import Linux

/// The command `eventlog reindex`, which builds the index anew.
struct ReindexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reindex",
    abstract: "Build the index of the log anew while the log is in use.",
    discussion: """
      The index is derived from the events, so no event is ever in danger. Build it anew where `eventlog check` says that \
      it differs from the events. This takes some ten seconds for a million events; others can record and search \
      meanwhile. If it is interrupted, what it has done stays done.

      Exit codes: 0 on success; 64 for a wrong option; 69 if the log cannot be used; 74 if the output cannot be written.
      """)

  @OptionGroup var store: StoreOptions

  func run() throws {
    try Exit.unavailable {
      let signals = try CommandSignals()
      let log = try SQLiteEventStore(path: try store.existingFile())
      // The thread waits while the task uses it.
      nonisolated(unsafe) let bar = ProgressBar("Indexing", total: 1000)
      do {
        defer {
          bar.end()
          log.close()
        }
        try waitFor {
          try await log.reindex { done, all in
            try signals.check()
            bar.show(done * 1000 / max(all, 1))
          }
        }
      } catch {
        signals.interruption?.endProcess()
        throw error
      }
      try Exit.print("The index was built anew.")
    }
  }
}
