public import EventLog
import GRDB
import Glibc

extension SQLiteEventStore {
  /// The number of bytes that must be free before a full device counts as having room again, which is what the largest
  /// request may need. Less might be enough for the next event, but not for the one after it.
  private static let wantedRoom: UInt64 = 1 << 20

  public func checkAvailability() async throws(EventStoreError) {
    _ = try await state()
    guard let failure = committer.failure else { return }
    if failure.reason == .full, !hasRoom { throw failure }
    try await committer.probe()
  }

  /// Whether the device has room for an unprivileged process; true when the device does not say.
  private var hasRoom: Bool {
    var status = statvfs()
    guard statvfs(database.path, &status) == 0 else { return true }
    return UInt64(status.f_bavail) * UInt64(status.f_frsize) >= Self.wantedRoom
  }
}
