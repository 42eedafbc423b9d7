import EventLog
import EventLogAccess
import EventLogSQLite
import TestSupport
import Testing
import Text

/// The contract of `ViewStore`, on every store.
@Suite(.timeLimit(.minutes(5)))
struct ViewStoreTests {
  private let folder: TemporaryFolder
  private let clock = TestClock()

  init() throws {
    folder = try TemporaryFolder()
  }

  private func make(_ kind: AccessKind) throws -> (views: any ViewStore, keys: any AccessStore) {
    switch kind {
    case .memory:
      let views = MemoryViewStore()
      return (views, MemoryAccessStore(log: MemoryEventStore(), views: views))
    case .sqlite:
      let store = try AccessKind.sqlite(in: folder, clock)
      return (store, store)
    }
  }

  private func view(_ name: Text, _ query: Text = "since:24h", columns: Text? = nil) throws -> SavedView {
    try SavedView(
      name: try ViewName(name), query: query, columns: try columns.map { try ListColumns(parameter: $0) })
  }

  @Test(arguments: AccessKind.allCases)
  func keepsViewsByName(_ kind: AccessKind) async throws {
    let views = try make(kind).views
    let all = [try view("B", columns: #"id,data."a,b""#), try view("a"), try view("é", "")]
    for view in all.reversed() { #expect(try await views.saveView(view, for: .everybody) == .created) }
    #expect(try await views.views(of: .everybody) == all)
    #expect(try await views.view(named: all[0].name, of: .everybody) == all[0])
    // Names are compared by their bytes.
    #expect(try await views.view(named: try ViewName("e\u{301}"), of: .everybody) == nil)
    #expect(try await views.view(named: try ViewName("b"), of: .everybody) == nil)
  }

  @Test(arguments: AccessKind.allCases)
  func replacesAViewOfTheSameName(_ kind: AccessKind) async throws {
    let views = try make(kind).views
    #expect(try await views.saveView(try view("a", columns: "id"), for: .everybody) == .created)
    let other = try view("a", "x")
    #expect(try await views.saveView(other, for: .everybody) == .replaced)
    #expect(try await views.views(of: .everybody) == [other])
  }

  @Test(arguments: AccessKind.allCases)
  func removesAView(_ kind: AccessKind) async throws {
    let views = try make(kind).views
    let name = try ViewName("a")
    #expect(try await !views.removeView(named: name, of: .everybody))
    _ = try await views.saveView(try view("a"), for: .everybody)
    #expect(try await views.removeView(named: name, of: .everybody))
    #expect(try await views.views(of: .everybody).isEmpty)
  }

  @Test(arguments: AccessKind.allCases)
  func tellsOwnersApart(_ kind: AccessKind) async throws {
    let views = try make(kind).views
    let owners: [ViewOwner] = [.everybody, .key("a"), .key("b"), .user("a")]
    for (number, owner) in owners.enumerated() {
      #expect(try await views.saveView(try view("v", Text("n\(number)")), for: owner) == .created)
    }
    for (number, owner) in owners.enumerated() {
      #expect(try await views.views(of: owner).map(\.query) == [Text("n\(number)")])
    }
    #expect(try await views.removeView(named: try ViewName("v"), of: .key("a")))
    #expect(try await views.views(of: .user("a")).count == 1)
  }

  @Test(arguments: AccessKind.allCases)
  func refusesMoreThanTheMostAndStillReplaces(_ kind: AccessKind) async throws {
    let views = try make(kind).views
    for number in 0..<ViewSaving.maximumCount {
      #expect(try await views.saveView(try view(Text("v\(number)")), for: .everybody) == .created)
    }
    #expect(try await views.saveView(try view("w"), for: .everybody) == .refused)
    #expect(try await views.saveView(try view("v7", "x"), for: .everybody) == .replaced)
    #expect(try await views.saveView(try view("w"), for: .key("a")) == .created)
    #expect(try await views.views(of: .everybody).count == ViewSaving.maximumCount)
  }

  @Test(arguments: AccessKind.allCases)
  func keepsAKeysViewsUntilItIsRevoked(_ kind: AccessKind) async throws {
    let (views, keys) = try make(kind)
    for name: Text in ["a", "b"] {
      _ = try await keys.makeKey(try NewKey(name: name, roles: [.read]), by: nil)
      _ = try await views.saveView(try view("v"), for: .key(name))
    }
    _ = try await keys.rotateKey(named: "a", by: nil)
    #expect(try await views.views(of: .key("a")).count == 1)
    #expect(try await keys.revokeKey(named: "a", by: nil))
    #expect(try await views.views(of: .key("a")).isEmpty)
    #expect(try await views.views(of: .key("b")).count == 1)
  }

  @Test func isSeenByOtherProcessesAtOnce() async throws {
    let stores = [try AccessKind.sqlite(in: folder), try AccessKind.sqlite(in: folder)]
    _ = try await stores[0].saveView(try view("a"), for: .everybody)
    #expect(try await stores[1].views(of: .everybody).map(\.name.text) == ["a"])
    _ = try await stores[1].removeView(named: try ViewName("a"), of: .everybody)
    #expect(try await stores[0].views(of: .everybody).isEmpty)
  }
}
