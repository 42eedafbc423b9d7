import EventLog
public import EventLogAccess
public import HTTPCore
import HTTPTypes
import JSON
import Text

/// The interface by which programs manage keys: its route table.
public struct KeysAPI: Sendable {
  private let store: any AccessStore

  /// - Parameter access: asks who visitors are.
  public init(_ access: KeyAccess) {
    store = access.store
  }

  public var routes: [Route] {
    [
      Route(.get, "/keys", produces: .json, for: .admin, listKeys),
      Route(.post, "/keys", takes: [.json], produces: .json, for: .admin, createKey),
      Route(.delete, "/keys/{name}", for: .admin, revokeKey),
      Route(.post, "/keys/{name}/rotate", takes: [.json], produces: .json, for: .admin, rotateKey),
    ]
  }

  /// `GET /keys`: lists all keys, without their secrets.
  func listKeys(_ request: Request) async throws(ProblemDetails) -> Response {
    let keys: [AccessKey]
    do { keys = try await store.snapshot(maximumAge: .zero).keys } catch { throw ProblemDetails(error) }
    return Self.response(.ok, .array(keys.map { .object($0.members) }))
  }

  /// `POST /keys`: makes a key. The response is the only one that has its text.
  func createKey(_ request: Request) async throws(ProblemDetails) -> Response {
    let made = try await store.make(try NewKey(requested: request.body), by: request.visitor)
    return Self.response(
      .created, .object(made.key.members + [JSONMember(name: "key", value: .string(made.text.text.string))]))
  }

  /// `POST /keys/{name}/rotate`: gives a key another text. The old one ends at once.
  func rotateKey(_ request: Request) async throws(ProblemDetails) -> Response {
    let rotated = try await store.rotate(request.pathParameters["name"] ?? "", by: request.visitor)
    return Self.response(
      .ok, .object(rotated.key.members + [JSONMember(name: "key", value: .string(rotated.text.text.string))]))
  }

  /// `DELETE /keys/{name}`: revokes a key. It ends at once, with its sessions.
  func revokeKey(_ request: Request) async throws(ProblemDetails) -> Response {
    try await store.revoke(request.pathParameters["name"] ?? "", by: request.visitor)
    return Response(.noContent, fields: [.cacheControl: "no-store"])
  }

  private static func response(_ status: HTTPResponse.Status, _ json: JSONValue) -> Response {
    var body: [UInt8] = []
    body.appendJSON(json)
    return Response(
      status,
      // At the same address, a browser gets a page.
      fields: [.contentType: MediaType.json.description, .cacheControl: "no-store", .vary: "Accept"],
      body: .bytes(body + "\n".utf8))
  }
}

extension [AccessKey] {
  /// The keys as a JSON array, without their secrets.
  public var json: [UInt8] {
    var text: [UInt8] = []
    text.appendJSON(.array(map { .object($0.members) }))
    return text
  }
}

extension AccessKey {
  fileprivate var members: [JSONMember] {
    let roles = KeyRole.allCases.filter(roles.contains).map { JSONValue.string($0.rawValue) }
    let optional: [(Text, String?)] = [
      ("source", source?.string), ("created", created.description), ("last_used", lastUsed?.description),
      ("ends", ends?.description),
    ]
    return [
      JSONMember(name: "name", value: .string(name.string)),
      JSONMember(name: "id", value: .string(id.string)),
      JSONMember(name: "roles", value: .array(roles)),
    ] + optional.compactMap { name, value in value.map { JSONMember(name: name, value: .string($0)) } }
  }
}

extension NewKey {
  /// Reads what is asked of a key: an object with `name`, `roles`, and perhaps `source` and `ends`, such as `90d`.
  fileprivate init(requested body: [UInt8]) throws(ProblemDetails) {
    let json: JSONValue
    do { json = try JSONValue(parsing: body) } catch {
      throw ProblemDetails(
        .malformedRequest, detail: "The content is not JSON: \(error.reason), at byte \(error.offset).")
    }
    func invalid(_ member: Text, _ detail: String) -> ProblemDetails {
      ProblemDetails(Invalid(member: member, detail: detail), as: { .pointer("/\($0.string)") })
    }
    guard case .object(let members) = json else {
      throw ProblemDetails(
        .unprocessableContent, detail: "The content must be a JSON object, not \(json.kind).")
    }
    var (name, roles, source, ends): (Text, Set<KeyRole>, Text?, Text) = ("", [], nil, "")
    for member in members {
      switch (member.name, member.value) {
      case ("name", .string(let text)): name = Text(text)
      case ("source", .string(let text)): source = Text(text)
      case ("ends", .string(let text)): ends = Text(text)
      case ("source", .null), ("ends", .null): break
      case ("roles", .array(let values)):
        for value in values {
          guard case .string(let text) = value, let role = KeyRole(rawValue: text) else {
            throw invalid("roles", "must have only record, read, status and admin")
          }
          roles.insert(role)
        }
      case ("name", _), ("source", _), ("ends", _): throw invalid(member.name, "must be a string")
      case ("roles", _): throw invalid(member.name, "must be an array of strings")
      default: throw invalid(Text(member.name.abridged), "is not a member of a key")
      }
    }
    if roles.isEmpty { throw invalid("roles", "must have at least one of record, read, status and admin") }
    do throws(Invalid) {
      self = try NewKey(name: name, roles: roles, source: source, span: try Self.span(ends))
    } catch {
      throw ProblemDetails(error, as: { .pointer("/\($0.string)") })
    }
  }
}
