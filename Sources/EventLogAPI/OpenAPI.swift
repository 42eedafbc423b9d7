public import JSON
import Text

/// The description of the API: `Resources/openapi.json`, which is embedded in the binary. It is the source of
/// `/openapi.json` and `/docs`, and tests make sure that it agrees with the route table.
public enum OpenAPI {
  /// The document as the file has it, without the program's version and for the root of a site.
  public static let document: JSONValue = {
    do throws(JSONSyntaxError) {
      return try JSONValue(parsing: PackageResources.openapi_json)
    } catch {
      preconditionFailure("openapi.json is not JSON: \(error.reason) at byte \(error.offset)")
    }
  }()

  /// - Parameters:
  ///   - version: the program's version.
  ///   - mount: the path under which the program is mounted, as in `RequestTarget`.
  /// - Returns: the document that clients get.
  static func document(version: String, mount: String) -> JSONValue {
    let server = JSONMember(name: "url", value: .string(mount.isEmpty ? "/" : mount))
    let info = document["info"]?.replacing("version", with: .string(version))
    return document.replacing("servers", with: .array([.object([server])]))
      .replacing("info", with: info ?? .object([]))
  }
}

extension JSONValue {
  fileprivate func replacing(_ name: Text, with value: JSONValue) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.map { $0.name == name ? JSONMember(name: name, value: value) : $0 })
  }
}
