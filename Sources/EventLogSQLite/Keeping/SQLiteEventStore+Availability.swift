public import EventLog
import GRDB
import Glibc

extension SQLiteEventStore {
  /// The number of bytes that must be free before a full device counts as having room again, which is what the largest
  /// request may need. Less might be enough for the next event, but not for the one after it.
  private static let wantedRoom = 1 << 20

  public func checkAvailability() async throws(EventStoreError) {
    try gate.files.checkEach()
    _ = try await state()
    if let wait = committer.longestWait, wait >= patience {
      throw EventStoreError(.busy, cause: "an event has been waiting to be recorded for \(wait)")
    }
    guard let failure = committer.failure else { return }
    if failure.reason == .full, !hasRoom { throw failure }
    try await committer.probe(leaving: failure.reason == .full ? Self.wantedRoom : 0)
  }

  /// Whether the device has room for an unprivileged process; true when the device does not say.
  private var hasRoom: Bool {
    var status = statvfs()
    guard statvfs(database.path, &status) == 0 else { return true }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize) >= UInt64(Self.wantedRoom)
  }
}
