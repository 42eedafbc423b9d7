import HTTPCore
import HTTPTypes

extension EventAPI {
  /// `GET /health`: returns 200 when the log can be used, otherwise 503 with the reason.
  func getHealth(_ request: Request) async throws(ProblemDetails) -> Response {
    var fields: HTTPFields = [.contentType: MediaType.json.description, .cacheControl: "no-store"]
    do {
      try await availability.check()
      return Response(.ok, fields: fields, body: .bytes(Array(#"{"status":"ok"}"#.utf8)))
    } catch {
      fields[.retryAfter] = "1"
      let body = #"{"status":"unavailable","reason":"\#(error.rawValue)"}"#
      return Response(.serviceUnavailable, fields: fields, body: .bytes(Array(body.utf8)))
    }
  }
}
