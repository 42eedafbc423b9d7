import EventLog
import GRDB

extension GroupCommitter {
  /// How long a probe waits for another process. Health should rather tell what is wrong than wait for its end.
  private static let patience = Duration.milliseconds(200)

  /// Makes the changes of an append and rolls them back. A full or read-only device refuses this just as it refuses an
  /// append.
  ///
  /// - Parameter room: the number of bytes for which there must be room besides the event.
  /// - Throws: `EventStoreError` when an append would fail.
  func probe(leaving room: Int) async throws(EventStoreError) {
    do {
      try await writer.run { [self] database in
        try database.waiting(atMost: Self.patience) {
          try writer.transaction(database, leaving: room) {
            try database.inSavepoint {
              let inserter = try EventInserter(database)
              _ = try inserter.insert(Self.draft, timestamp: now())
              return .rollback
            }
            // Without this change, there would be nothing to commit.
            try database.execute(sql: "UPDATE index_state SET generation = generation")
          }
        }
      }
      forgetFailure()
    } catch {
      throw EventStoreError(error)
    }
  }

  private static let draft = EventDraft(
    storedType: .info, source: "probe", message: "probe", userID: "probe", requestID: "probe",
    tags: ["probe"], data: nil, occurredAt: nil)
}
