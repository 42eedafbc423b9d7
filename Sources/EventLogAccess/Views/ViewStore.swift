public import EventLog

/// The place where a log's saved views are kept. Several processes may share it, and see each other's changes at once.
public protocol ViewStore: Sendable {
  /// Returns the views of an owner.
  ///
  /// - Returns: the views in the order of their names' bytes.
  /// - Throws: `EventStoreError`.
  func views(of owner: ViewOwner) async throws(EventStoreError) -> [SavedView]

  /// Finds a view of an owner.
  ///
  /// - Returns: nil when the owner has no view of this name.
  /// - Throws: `EventStoreError`.
  func view(named name: ViewName, of owner: ViewOwner) async throws(EventStoreError) -> SavedView?

  /// Saves a view in the place of the one that has its name, if there is one.
  ///
  /// - Returns: what was done, when it is on disk.
  /// - Throws: `EventStoreError`; nothing is changed then.
  func saveView(_ view: SavedView, for owner: ViewOwner) async throws(EventStoreError) -> ViewSaving

  /// Removes a view.
  ///
  /// - Returns: whether the owner had a view of this name.
  /// - Throws: `EventStoreError`; nothing is changed then.
  func removeView(named name: ViewName, of owner: ViewOwner) async throws(EventStoreError) -> Bool
}

/// What came of saving a view.
public enum ViewSaving: Sendable {
  case created
  case replaced
  /// Nothing was saved, since the owner has `maximumCount` other views.
  case refused

  /// The maximum number of an owner's views.
  public static let maximumCount = 200
}
