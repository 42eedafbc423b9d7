import EventLog
import HTTPCore
import HTTPTypes
import JSON

extension [UInt8] {
  /// Appends an event as a JSON object on one line. An optional member that was not given is left out.
  mutating func appendJSON(_ event: Event) {
    let draft = event.draft
    append(contentsOf: #"{"id":""#.utf8)
    event.id.append(to: &self)
    append(contentsOf: #"","timestamp":""#.utf8)
    event.timestamp.append(to: &self)
    append(contentsOf: #"","type":""#.utf8)
    append(contentsOf: draft.type.rawValue.utf8)
    append(contentsOf: #"","source":"#.utf8)
    appendJSON(draft.source)
    append(contentsOf: #","message":"#.utf8)
    appendJSON(draft.message)
    if let userID = draft.userID {
      append(contentsOf: #","user_id":"#.utf8)
      appendJSON(userID)
    }
    if let requestID = draft.requestID {
      append(contentsOf: #","request_id":"#.utf8)
      appendJSON(requestID)
    }
    if !draft.tags.isEmpty {
      append(contentsOf: #","tags":"#.utf8)
      appendJSON(.array(draft.tags.map(JSONValue.string)))
    }
    if let data = draft.data {
      append(contentsOf: #","data":"#.utf8)
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
