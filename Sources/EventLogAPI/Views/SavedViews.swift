public import EventLog
public import EventLogAccess
public import HTTPCore
import HTTPTypes
import Text

/// The saved views of those who ask, for programs and for the page. Its errors are problems.
public struct SavedViews: Sendable {
  private let store: any ViewStore
  private let access: KeyAccess?

  /// - Parameters:
  ///   - store: the views.
  ///   - access: asks who visitors are; nil where nobody is asked, and the views are everybody's.
  public init(_ store: any ViewStore, access: KeyAccess?) {
    self.store = store
    self.access = access
  }

  /// Returns the visitor's views, by name.
  public func all(for visitor: Visitor) async throws(ProblemDetails) -> [SavedView] {
    do { return try await store.views(of: ViewOwner(visitor)) } catch { throw ProblemDetails(error) }
  }

  /// Finds the visitor's view that a request's path names.
  ///
  /// - Throws: 404 when there is none.
  public func named(in request: Request) async throws(ProblemDetails) -> SavedView {
    let view: SavedView?
    do {
      view = try await store.view(named: Self.name(in: request), of: ViewOwner(request.visitor))
    } catch {
      throw ProblemDetails(error)
    }
    guard let view else { throw Self.noSuchView }
    return view
  }

  /// Returns whether the visitor's views are the visitor's to change: where keys are asked for, somebody unknown only reads.
  public func mayChange(_ visitor: Visitor) -> Bool { access == nil || visitor.name != nil }

  /// Saves a view in the place of the visitor's one that has its name, if there is one.
  ///
  /// - Returns: whether it is a new one.
  /// - Throws: 409 when the visitor has too many; 401 for somebody unknown.
  public func save(_ view: SavedView, for visitor: Visitor) async throws(ProblemDetails) -> Bool {
    try requireOwner(visitor)
    let saving: ViewSaving
    do { saving = try await store.saveView(view, for: ViewOwner(visitor)) } catch {
      throw ProblemDetails(error)
    }
    switch saving {
    case .created: return true
    case .replaced: return false
    case .refused:
      throw ProblemDetails(
        .conflict,
        detail: "There are already \(ViewSaving.maximumCount) views, which is the most; remove one first.")
    }
  }

  /// Removes the visitor's view that a request's path names.
  ///
  /// - Throws: 404 when there is none; 401 for somebody unknown.
  public func remove(namedIn request: Request) async throws(ProblemDetails) {
    try requireOwner(request.visitor)
    let isRemoved: Bool
    do {
      isRemoved = try await store.removeView(named: Self.name(in: request), of: ViewOwner(request.visitor))
    } catch {
      throw ProblemDetails(error)
    }
    guard isRemoved else { throw Self.noSuchView }
  }

  private func requireOwner(_ visitor: Visitor) throws(ProblemDetails) {
    if let access, !mayChange(visitor) { throw access.refusal(of: visitor, lacking: .read) }
  }

  /// A text that is no name is not found either.
  private static func name(in request: Request) -> ViewName {
    ViewName(stored: request.pathParameters["name"] ?? "")
  }

  private static let noSuchView = ProblemDetails(.notFound, detail: "There is no view of this name.")
}

extension ViewOwner {
  fileprivate init(_ visitor: Visitor) {
    switch (visitor.means, visitor.name) {
    case (.key, let name?), (.session, let name?): self = .key(name)
    case (.webServer, let name?): self = .user(name)
    default: self = .everybody
    }
  }
}
