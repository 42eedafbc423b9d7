import EventLog
import EventLogFormats
import HTTPCore
import JSON
import Text

/// The form in which a stream sends events.
enum StreamFormat: CaseIterable {
  /// Server-sent events (WHATWG HTML section 9.2).
  case serverSentEvents
  /// One JSON object on each line.
  case ndjson

  var mediaType: MediaType {
    switch self {
    case .serverSentEvents: .eventStream
    case .ndjson: EventFormat.ndjson.mediaType
    }
  }

  /// What a stream begins with. Clients learn by it at once that they are connected, when to connect again, and from where
  /// on, even if no event comes before.
  ///
  /// - Parameter id: the event after which the stream begins; nil when it begins with the first.
  /// - Returns: the text.
  func start(after id: EventID?) -> [UInt8] {
    switch self {
    case .serverSentEvents: Array("retry: 1000\nid: \(Self.text(of: id))\n\n".utf8)
    case .ndjson: Array("\n".utf8)
    }
  }

  private static func text(of id: EventID?) -> String { id?.description ?? EventQuery.idBeforeFirst.string }

  /// What is sent from time to time while there is nothing else to send.
  var heartbeat: [UInt8] {
    switch self {
    case .serverSentEvents: Array(":\n\n".utf8)
    case .ndjson: Array("\n".utf8)
    }
  }

  /// Appends an event.
  ///
  /// - Parameters:
  ///   - event: the event.
  ///   - bytes: receives the text.
  func append(_ event: EventJSON, to bytes: inout [UInt8]) {
    switch self {
    case .serverSentEvents:
      bytes.append("id: ")
      event.position.id.append(to: &bytes)
      bytes.append("\ndata: ")
      bytes += event.text
      bytes.append("\n\n")
    case .ndjson:
      bytes += event.text
      bytes.append("\n")
    }
  }

  /// What says that the log has not given an id yet that the client has, since it began anew, and where the stream goes on.
  func reset(to id: EventID?) -> [UInt8] {
    switch self {
    case .serverSentEvents: Array("event: reset\nid: \(Self.text(of: id))\ndata: {}\n\n".utf8)
    case .ndjson: Array("{\"reset\":true}\n".utf8)
    }
  }
}
