import HTTPCore
import HTTPTypes
import JSON

extension EventAPI {
  /// `GET /openapi.json`: describes this API for programs (OpenAPI 3.1).
  func getOpenAPI(_ request: Request) async throws(ProblemDetails) -> Response {
    var body: [UInt8] = []
    body.appendJSON(OpenAPI.document(version: version, mount: request.target.mount, hasKeys: hasKeys))
    return Response(
      .ok, fields: [.contentType: MediaType.json.description, .cacheControl: "no-cache"],
      body: .bytes(body + "\n".utf8))
  }
}
