public import EventLog
import Synchronization

/// Views that last as long as the process. It is the executable specification of a `ViewStore`.
public final class MemoryViewStore: ViewStore {
  private let views = Mutex<[ViewOwner: [ViewName: SavedView]]>([:])

  public init() {}

  public func views(of owner: ViewOwner) async throws(EventStoreError) -> [SavedView] {
    views.withLock { ($0[owner] ?? [:]).values.sorted { $0.name < $1.name } }
  }

  public func view(named name: ViewName, of owner: ViewOwner) async throws(EventStoreError) -> SavedView? {
    views.withLock { $0[owner]?[name] }
  }

  public func saveView(_ view: SavedView, for owner: ViewOwner) async throws(EventStoreError) -> ViewSaving {
    views.withLock { views in
      let own = views[owner] ?? [:]
      let isKnown = own[view.name] != nil
      guard isKnown || own.count < ViewSaving.maximumCount else { return .refused }
      views[owner, default: [:]][view.name] = view
      return isKnown ? .replaced : .created
    }
  }

  public func removeView(named name: ViewName, of owner: ViewOwner) async throws(EventStoreError) -> Bool {
    views.withLock { $0[owner]?.removeValue(forKey: name) != nil }
  }

  /// Removes all views of an owner.
  func removeViews(of owner: ViewOwner) { views.withLock { $0[owner] = nil } }
}
