import EventLog
import TestSupport
import Text
import Testing

/// Tests that every store records an import in parts, together with how far it has come.
@Suite(.timeLimit(.minutes(5)))
struct ImportContractTests {
  private let folder: TemporaryFolder
  private static let now = Timestamp(milliseconds: 1_705_329_000_123)
  private static let then = Timestamp(milliseconds: 1_000_000_000_000)

  init() throws {
    folder = try TemporaryFolder()
  }

  private func store(_ kind: StoreKind) throws -> any EventStore {
    try kind.makeStore(in: folder, now: { Self.now })
  }

  private static func progress(_ count: Int, input: String = "i") -> ImportProgress {
    ImportProgress(input: input, keeping: .idsAndTimestamps, count: count, digest: "d\(count)")
  }

  private static func items(_ ids: Int64?...) -> [ImportPart.Item] {
    ids.map { id in
      ImportPart.Item(id: id.flatMap(EventID.init), timestamp: id == nil ? nil : then, draft: .plain())
    }
  }

  private func ids(_ store: any EventStore) async throws -> [Int64] {
    try await store.page(EventQuery()).events.map(\.id.number)
  }

  @Test(arguments: StoreKind.allCases)
  func keepsIDsAboveAllOthersAndTimestamps(_ kind: StoreKind) async throws {
    let store = try store(kind)
    let first = ImportPart(Self.items(3, 7), before: nil, after: Self.progress(2))
    #expect(try await store.record(first) == ImportPart.Outcome(lastID: EventID(7), renumbered: 0))
    #expect(try await store.unfinishedImports() == [Self.progress(2)])
    try await store.append(.plain("another's"))
    let second = ImportPart(Self.items(8, 12, nil), before: Self.progress(2), after: Self.progress(5))
    #expect(try await store.record(second) == ImportPart.Outcome(lastID: EventID(13), renumbered: 1))
    #expect(try await ids(store) == [3, 7, 8, 9, 12, 13])
    let timestamps = try await store.page(EventQuery()).events.map(\.timestamp)
    #expect(timestamps == [Self.then, Self.then, Self.now, Self.then, Self.then, Self.now])
    #expect(try await store.unfinishedImports() == [Self.progress(5)])
    try await store.endImport(Self.progress(5))
    #expect(try await store.unfinishedImports().isEmpty)
    #expect(try await store.append(.plain()).id.number == 14)
  }

  @Test(arguments: StoreKind.allCases)
  func keepsTheWordOfOneImporterOnly(_ kind: StoreKind) async throws {
    let store = try store(kind)
    #expect(try await store.record(ImportPart(Self.items(1), before: nil, after: Self.progress(1))) != nil)
    // Another process begins with the same input, or goes on from where it was before.
    for part in [
      ImportPart(Self.items(2), before: nil, after: Self.progress(1)),
      ImportPart(Self.items(2), before: Self.progress(0), after: Self.progress(2)),
      ImportPart(
        Self.items(2), before: Self.progress(1, input: "other"), after: Self.progress(2, input: "other")),
    ] {
      #expect(try await store.record(part) == nil)
      #expect(try await ids(store) == [1])
      #expect(try await store.unfinishedImports() == [Self.progress(1)])
    }
  }

  /// An input that has grown since the interruption has another digest.
  @Test(arguments: StoreKind.allCases)
  func goesOnWithAnInputThatHasGrown(_ kind: StoreKind) async throws {
    let store = try store(kind)
    #expect(try await store.record(ImportPart(Self.items(1), before: nil, after: Self.progress(1))) != nil)
    let grown = Self.progress(2, input: "grown")
    #expect(try await store.record(ImportPart(Self.items(2), before: Self.progress(1), after: grown)) != nil)
    #expect(try await store.unfinishedImports() == [grown])
    #expect(try await ids(store) == [1, 2])
  }

  @Test(arguments: StoreKind.allCases)
  func countsAndFindsWhatWasImported(_ kind: StoreKind) async throws {
    let store = try store(kind)
    let items = (1...30).map {
      ImportPart.Item(id: EventID($0), timestamp: Self.then, draft: .plain("find \($0)"))
    }
    #expect(try await store.record(ImportPart(items, before: nil, after: Self.progress(30))) != nil)
    #expect(try await store.statistics().events == 30)
    let query = try EventQuery(parameters: [("q", "find 17")])
    #expect(try await store.page(query).events.map(\.id.number) == [17])
  }
}
