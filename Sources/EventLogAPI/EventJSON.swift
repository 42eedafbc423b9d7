import EventLog
import HTTPCore
import HTTPTypes
import JSON

extension [UInt8] {
  /// Appends an event as a JSON object on one line. An optional member that was not given is left out.
  mutating func appendJSON(_ event: Event) {
    let draft = event.draft
    append(#"{"id":""#)
    event.id.append(to: &self)
    append(#"","timestamp":""#)
    event.timestamp.append(to: &self)
    append(#"","type":""#)
    append(contentsOf: draft.type.rawValue.utf8)
    append(#"","source":"#)
    appendJSON(draft.source)
    append(#","message":"#)
    appendJSON(draft.message)
    if let userID = draft.userID {
      append(#","user_id":"#)
      appendJSON(userID)
    }
    if let requestID = draft.requestID {
      append(#","request_id":"#)
      appendJSON(requestID)
    }
    if !draft.tags.isEmpty {
      append(#","tags":"#)
      appendJSON(.array(draft.tags.map(JSONValue.string)))
    }
    if let data = draft.data {
      append(#","data":"#)
      append(contentsOf: data.json.utf8)
    }
    append(UInt8(ascii: "}"))
  }
}

extension Response {
  /// A response that is one event.
  static func json(_ event: Event, status: HTTPResponse.Status = .ok) -> Response {
    var body: [UInt8] = []
    body.appendJSON(event)
    body.append(UInt8(ascii: "\n"))
    return Response(status, fields: [.contentType: MediaType.json.description], body: .bytes(body))
  }
}
