import EventLog
import HTTPCore
import HTTPTypes

extension Response {
  /// Returns a response whose content is one event.
  static func json(_ event: Event, status: HTTPResponse.Status = .ok) -> Response {
    var body: [UInt8] = []
    body.appendJSON(event)
    body.append(UInt8(ascii: "\n"))
    return Response(status, fields: [.contentType: MediaType.json.description], body: .bytes(body))
  }
}
