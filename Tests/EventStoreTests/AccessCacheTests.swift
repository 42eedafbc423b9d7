import EventLogAccess
import Testing

@testable import EventLogSQLite

/// Tests of what a process remembers of keys and sessions.
struct AccessCacheTests {
  private let cache = AccessCache()
  private let snapshot = AccessSnapshot(keys: [], sessions: [])
  private static let age = Duration.seconds(3600)

  /// A read that began before a key was revoked, and ends after that, would otherwise bring the key back.
  @Test func keepsNothingThatWasReadBeforeAChange() {
    let start = ContinuousClock.now
    cache.forget()
    cache.keep(snapshot, version: 1, at: start)
    #expect(cache.snapshot(maximumAge: Self.age) == nil)
    cache.keep(snapshot, version: 2, at: .now)
    #expect(cache.snapshot(maximumAge: Self.age) != nil)
  }

  @Test func takesWhatItHasForNewOnlyWhenNothingWasChangedMeanwhile() {
    cache.keep(snapshot, version: 1, at: .now)
    let start = ContinuousClock.now
    cache.forget()
    #expect(cache.snapshot(version: 2, at: .now) == nil)
    #expect(cache.snapshot(version: 1, at: start) != nil && cache.snapshot(maximumAge: Self.age) == nil)
    #expect(cache.snapshot(version: 1, at: .now) != nil && cache.snapshot(maximumAge: Self.age) != nil)
  }
}
