import HTTPCore
import HTTPTypes

extension EventAPI {
  /// `GET /health`: 200 when the log can be used, else 503.
  func health(_ request: Request) async throws(ProblemDetails) -> Response {
    let isAvailable = await availability.isAvailable()
    let body = isAvailable ? #"{"status":"ok"}"# : #"{"status":"unavailable"}"#
    var fields: HTTPFields = [.contentType: MediaType.json.description, .cacheControl: "no-store"]
    if !isAvailable { fields[.retryAfter] = "1" }
    return Response(isAvailable ? .ok : .serviceUnavailable, fields: fields, body: .bytes(Array(body.utf8)))
  }
}
