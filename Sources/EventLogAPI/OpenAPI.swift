public import JSON
import Text

/// The description of the API: `Resources/openapi.json`, which is embedded in the binary. It is the source of
/// `/openapi.json` and `/docs`, and tests make sure that it agrees with the route table.
public enum OpenAPI {
  /// The document as the file has it, without the program's version and for the root of a site.
  public static let document = parse(PackageResources.openapi_json)

  /// The document where visitors need keys: it has the operations on keys, too, and says of each operation which role it takes.
  public static let documentWithKeys: JSONValue = {
    let whole = document.merging(parse(PackageResources.openapi_keys_json))
    let paths = (whole["paths"]?.members ?? []).map { path in
      JSONMember(
        name: path.name,
        value: .object(path.value.members.map { JSONMember(name: $0.name, value: secured($0.value)) }))
    }
    return whole.replacing("paths", with: .object(paths))
  }()

  private static func parse(_ bytes: [UInt8]) -> JSONValue {
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: bytes)
    } catch {
      preconditionFailure("the description is not JSON: \(error.reason) at byte \(error.offset)")
    }
  }

  /// Returns an operation with what it answers to visitors who may not, unless it is open to everyone.
  private static func secured(_ operation: JSONValue) -> JSONValue {
    guard operation["x-role"] != .string("everyone") else { return operation }
    func reference(_ name: String) -> JSONValue {
      .object([JSONMember(name: "$ref", value: .string("#/components/responses/\(name)"))])
    }
    let refusals: [JSONMember] = [
      JSONMember(name: "401", value: reference("Unauthorized")),
      JSONMember(name: "403", value: reference("LacksRole")),
      JSONMember(name: "429", value: reference("TooManyTries")),
    ]
    let names = Set(refusals.map(\.name))
    let responses = (operation["responses"]?.members ?? []).filter { !names.contains($0.name) } + refusals
    let security = ["key", "session"].map { JSONValue.object([JSONMember(name: $0, value: .array([]))]) }
    return operation.replacing("responses", with: .object(responses.sorted { $0.name < $1.name }))
      .merging(.object([JSONMember(name: "security", value: .array(security))]))
  }

  /// - Parameters:
  ///   - version: the program's version.
  ///   - mount: the path under which the program is mounted, as in `RequestTarget`.
  ///   - hasKeys: whether visitors need keys.
  /// - Returns: the document that clients get.
  static func document(version: String, mount: String, hasKeys: Bool) -> JSONValue {
    let document = hasKeys ? documentWithKeys : document
    let server = JSONMember(name: "url", value: .string(mount.isEmpty ? "/" : mount))
    let info = document["info"]?.replacing("version", with: .string(version))
    return document.replacing("servers", with: .array([.object([server])]))
      .replacing("info", with: info ?? .object([]))
  }
}

extension JSONValue {
  fileprivate var members: [JSONMember] {
    if case .object(let members) = self { members } else { [] }
  }

  fileprivate func replacing(_ name: Text, with value: JSONValue) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.map { $0.name == name ? JSONMember(name: name, value: value) : $0 })
  }

  /// Returns an object with the members of another one. Objects and arrays that both have are joined.
  fileprivate func merging(_ other: JSONValue) -> JSONValue {
    switch (self, other) {
    case (.array(let own), .array(let others)): return .array(own + others)
    case (.object(var members), .object(let others)):
      for member in others {
        if let index = members.firstIndex(where: { $0.name == member.name }) {
          members[index] = JSONMember(name: member.name, value: members[index].value.merging(member.value))
        } else {
          members.append(member)
        }
      }
      return .object(members)
    default: return other
    }
  }
}
