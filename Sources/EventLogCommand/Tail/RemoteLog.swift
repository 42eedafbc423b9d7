import EventLog
import EventLogFormats
import HTTPClient
import HTTPCore
import JSON
import Text

/// An event log that is read over HTTP.
struct RemoteLog {
  /// The query parameters of a request, in their order.
  typealias Parameters = [(name: Text, value: Text)]

  /// The most of an error's content that is read, in bytes.
  private static let problemSize = 65_536

  let url: RemoteURL
  let settings: HTTPTransfer.Settings

  /// Asks for events.
  ///
  /// - Parameters:
  ///   - path: `events`, or `events/stream`.
  ///   - parameters: the query.
  /// - Returns: the response, whose content is NDJSON; nil when the server cannot answer this kind of request (501).
  /// - Throws: `RemoteLogError`; `HTTPFailure` with the case `outputClosed`.
  func ask(_ path: String, _ parameters: Parameters) throws -> HTTPTransfer? {
    try Self.explaining {
      let query = parameters.isEmpty ? "" : "?\(FormURLEncoded.encode(parameters))"
      let transfer = try HTTPTransfer("\(url)/\(path)\(query)", settings)
      let head = try transfer.head()
      if head.status == 501 { return nil }
      guard head.status == 200 else { throw try Self.refusal(head, transfer) }
      guard head.mediaType == "application/x-ndjson" else {
        throw RemoteLogError(
          description: "what answers there is no event log: it sends \(head.mediaType) for events",
          mayPass: false)
      }
      return transfer
    }
  }

  /// Reads a list of events.
  ///
  /// - Parameter parameters: the query, with a limit.
  /// - Returns: the events in the order of the query, and the query for those that follow.
  /// - Throws: as `ask`.
  func events(_ parameters: Parameters) throws -> (events: [Event], next: Parameters?) {
    guard let transfer = try ask("events", parameters) else {
      throw RemoteLogError(description: "the server cannot answer lists of events (501)", mayPass: false)
    }
    return try Self.explaining {
      var reader = StreamReader()
      var events: [Event] = []
      while let bytes = try transfer.next() {
        for line in try reader.read(bytes) {
          if case .event(let event) = line { events.append(event) }
        }
      }
      return (events, try transfer.head().links.lazy.compactMap(Self.next(inLink:)).first)
    }
  }

  /// Does something, and turns what is wrong with the connection into an error that says whether it may pass.
  static func explaining<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let failure as HTTPFailure where failure != .outputClosed {
      let mayPass =
        switch failure {
        case .cut, .silent: true
        case .unavailable, .refused, .outputClosed: false
        }
      throw RemoteLogError(description: failure.description, mayPass: mayPass, isAnswered: false)
    } catch let error as InvalidEntry {
      throw RemoteLogError(description: "what the server sends is no event: \(error)", mayPass: false)
    }
  }

  /// Explains a status that is no success.
  private static func refusal(_ head: HTTPHead, _ transfer: HTTPTransfer) throws -> RemoteLogError {
    var content: [UInt8] = []
    while content.count < problemSize, let part = try transfer.next() { content += part }
    let mayPass = head.status >= 500 || head.status == 429 || head.status == 408
    let detail = (try? JSONValue(parsing: content)).flatMap(Self.detail) ?? Self.meaning(of: head.status)
    return RemoteLogError(
      description: "the server answers \(head.status)" + (detail.isEmpty ? "" : ": \(detail)"),
      mayPass: mayPass,
      retryAfter: head.retryAfter)
  }

  /// Returns what problem details (RFC 9457) say.
  private static func detail(_ problem: JSONValue) -> String? {
    guard case .string(let detail)? = problem["detail"] else { return nil }
    guard case .array(let errors)? = problem["errors"] else { return detail }
    let parts = errors.compactMap { error -> String? in
      guard case .string(let name)? = error["parameter"], case .string(let detail)? = error["detail"] else {
        return nil
      }
      return "\(name) \(detail)"
    }
    return ([detail] + parts).joined(separator: " ")
  }

  /// Returns what a status means where the content does not say it.
  private static func meaning(of status: Int) -> String {
    switch status {
    case 300..<400: "the log is somewhere else"
    case 401: "it asks for a key, which the environment variable EVENTLOG_KEY has"
    case 403: "the key may not read the log"
    case 404: "there is no event log at this URL"
    default: ""
    }
  }

  /// Finds the query of the next page in a value of `Link` (RFC 8288).
  static func next(inLink links: String) -> Parameters? {
    for link in links.split(separator: "<").dropFirst() {
      let parts = link.split(separator: ">", maxSplits: 1)
      guard parts.count == 2, parts[1].contains(#"rel="next""#),
        let query = parts[0].split(separator: "?", maxSplits: 1).dropFirst().first
      else { continue }
      return try? FormURLEncoded.decode(query.utf8)
    }
    return nil
  }
}
