import HTTPCore
import HTTPTypes

extension EventAPI {
  /// `GET /health`: returns 200 when the log can be used, otherwise 503 with the reason.
  func getHealth(_ request: Request) async throws(ProblemDetails) -> Response {
    do {
      try await availability.check()
      return Self.healthy
    } catch {
      var fields = Self.healthFields
      fields[.retryAfter] = "1"
      let body = #"{"status":"unavailable","reason":"\#(error.rawValue)"}"#
      return Response(.serviceUnavailable, fields: fields, body: .bytes(Array(body.utf8)))
    }
  }

  private static let healthFields: HTTPFields = [
    .contentType: MediaType.json.description, .cacheControl: "no-store",
  ]
  private static let healthy = Response(
    .ok, fields: healthFields, body: .bytes(Array(#"{"status":"ok"}"#.utf8)))
}
