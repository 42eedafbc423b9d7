public import EventLog
import JSON
import Text

/// A line of what an Event Log answers as NDJSON: a list, or a stream of what is recorded.
public enum StreamLine: Sendable {
  case event(Event)
  /// An empty line, by which a stream shows that it is alive.
  case heartbeat
  /// The log has not given the id yet after which the stream was to begin, since it began anew.
  case reset

  /// Reads a line. Members that this version does not know are left out, since the log may be that of a later one.
  ///
  /// - Parameter line: the line without its line feed.
  /// - Throws: `InvalidEntry` when the line is none of these.
  public init(parsing line: [UInt8]) throws(InvalidEntry) {
    if line.isEmpty {
      self = .heartbeat
      return
    }
    let value: JSONValue
    do { value = try JSONValue(parsing: line) } catch {
      throw InvalidEntry("it is not JSON: \(error.reason)")
    }
    if value["reset"] == .bool(true) {
      self = .reset
      return
    }
    guard let event = try ImportedEvent(value.keepingMembersOfEvents).event else {
      throw InvalidEntry("it is no recorded event")
    }
    self = .event(event)
  }
}

extension JSONValue {
  fileprivate var keepingMembersOfEvents: JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { EventMember(named: $0.name) != nil })
  }
}
