public import EventLog

extension SQLiteEventStore {
  public func untilRecorded(after id: EventID?) async throws(EventStoreError) {
    watch.start()
    while true {
      let rings = watch.bell.rings
      if try await state().lastID != id { return }
      await watch.bell.wait(after: rings)
      if Task.isCancelled { throw EventStoreError(.cancelled, cause: "the caller went away") }
    }
  }
}
