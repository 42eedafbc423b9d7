import EventLog
import EventLogAccess
import HTTPCore
import HTTPTypes
import JSON
import Testing

@testable import EventLogAPI
import Text

/// What `GET /openapi.json` says where visitors need keys is true.
struct KeysDescriptionTests {
  private let document = OpenAPI.documentWithKeys
  private let routes: [Route]

  init() {
    let store = MemoryEventStore()
    let events = EventAPI(
      store: store, availability: Availability(store: store), version: "1.2.3", hasKeys: true)
    let access = KeyAccess(MemoryAccessStore(log: store), cookies: SessionCookie(isSecure: false))
    let views = ViewsAPI(SavedViews(MemoryViewStore(), access: access))
    routes = events.routes + views.routes + KeysAPI(access).routes
  }

  private var operations: [(method: String, path: String, value: JSONValue)] {
    (document["paths"]?.members ?? []).flatMap { path in
      path.value.members.map { ($0.name.string.uppercased(), path.name.string, $0.value) }
    }
  }

  @Test func describesEveryRouteAndItsRole() {
    let described = Set(operations.map { "\($0.method) \($0.path) \($0.value["x-role"]?.text ?? "")" })
    #expect(described == Set(routes.map { "\($0.method.rawValue) \($0.path) \($0.role.rawValue)" }))
  }

  @Test func saysOfEveryOperationWhoMay() {
    for operation in operations {
      let isOpen = operation.value["x-role"] == .string("everyone")
      let schemes = (operation.value["security"]?.elements ?? []).flatMap(\.members).map(\.name)
      #expect(schemes == (isOpen ? [] : ["key", "session"]), "\(operation.path)")
      for status in ["401", "403", "429"] as [Text] {
        #expect((operation.value["responses"]?[status] == nil) == isOpen, "\(operation.path) \(status)")
      }
    }
    #expect(document["components"]?["securitySchemes"]?["key"]?["scheme"] == .string("bearer"))
  }

  @Test func takesWhatTheRoutesTake() {
    for operation in operations where operation.path.hasPrefix("/keys") {
      let taken = routes.filter { $0.method.rawValue == operation.method && $0.path == operation.path }
        .flatMap(\.takes)
      let described = (operation.value["requestBody"]?["content"]?.members ?? []).map(\.name.string)
      #expect(described == taken.map { "\($0.type)/\($0.subtype)" })
    }
  }

  @Test func leavesNothingOfItWhereNobodyIsAsked() {
    #expect(OpenAPI.document["paths"]?["/keys"] == nil)
    #expect(OpenAPI.document["components"]?["securitySchemes"] == nil)
  }
}
