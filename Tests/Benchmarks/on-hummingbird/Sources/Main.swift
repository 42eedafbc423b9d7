import Hummingbird
import Logging

/// `EventLogOnHummingbird SOCKET FILE` serves health, list and create of Event Log's API over HTTP on a unix socket.
@main
struct Main {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else { fatalError("Usage: EventLogOnHummingbird SOCKET FILE") }
    var logger = Logger(label: "eventlog")
    logger.logLevel = .warning
    let application = Application(
      router: router(try EventStore(path: arguments[2])),
      configuration: ApplicationConfiguration(address: .unixDomainSocket(path: arguments[1])),
      logger: logger)
    try await application.runService()
  }

  static func router(_ store: EventStore) -> Router<BasicRequestContext> {
    let router = Router()
    router.get("health") { _, _ in ["status": "ok"] }
    router.get("events") { request, _ in
      let parameters = request.uri.queryParameters
      return try await store.events(
        limit: parameters.get("limit", as: Int.self) ?? 50,
        isDescending: parameters.get("order") == "desc",
        type: parameters.get("type").flatMap(EventType.init(rawValue:)))
    }
    router.post("events") { request, context in
      let draft = try await request.decode(as: EventDraft.self, context: context)
      return EditedResponse(status: .created, response: try await store.create(draft))
    }
    return router
  }
}
