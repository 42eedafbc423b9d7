public import EventLog
public import JSON
import Text

extension EventDraftFields {
  /// Reads the members of a JSON object. An optional member may also be null.
  ///
  /// Members of the wrong type and unknown members are noted in `errors`.
  ///
  /// - Parameters:
  ///   - json: the object, such as the content of a request.
  ///   - dropped: the members that are left out, whatever their values are.
  public init(json: JSONValue, dropping dropped: Set<EventMember> = []) {
    self.init()
    guard case .object(let members) = json.dropping(dropped) else {
      note(InvalidMember(pointer: "", detail: "must be a JSON object, not \(json.kind)"))
      return
    }
    for member in members {
      if isHopeless { break }
      do throws(InvalidMember) {
        switch EventMember(named: member.name) {
        case .type: type = Text(try member.string())
        case .source: source = try member.string()
        case .message: message = try member.string()
        case .userID: userID = try member.optional { member throws(InvalidMember) in try member.string() }
        case .requestID:
          requestID = try member.optional { member throws(InvalidMember) in try member.string() }
        case .tags:
          tags = try member.optional { member throws(InvalidMember) in try member.strings() } ?? []
        case .data:
          data = try member.optional { member throws(InvalidMember) in try EventData(member.value) }
        case .occurredAt:
          occurredAt = try member.optional { member throws(InvalidMember) in try member.moment() }
        case .id: throw InvalidMember.givenByTheLog(.id)
        case .timestamp: throw InvalidMember.givenByTheLog(.timestamp)
        case .recordedBy: throw InvalidMember.givenByTheLog(.recordedBy)
        case nil: throw InvalidMember.unknown(member.name)
        }
      } catch {
        note(error)
      }
    }
  }
}

extension JSONMember {
  fileprivate func optional<Value>(
    _ read: (JSONMember) throws(InvalidMember) -> Value
  ) throws(InvalidMember) -> Value? {
    value == .null ? nil : try read(self)
  }

  fileprivate func string() throws(InvalidMember) -> String {
    guard case .string(let string) = value else {
      throw InvalidMember(pointer: "/\(name.string)", detail: "must be a string, not \(value.kind)")
    }
    return string
  }

  fileprivate func moment() throws(InvalidMember) -> Timestamp {
    guard let moment = Timestamp(rfc3339: try string(), roundsUp: false) else { throw .notAMoment }
    return moment
  }

  fileprivate func strings() throws(InvalidMember) -> [String] {
    guard case .array(let elements) = value else {
      throw InvalidMember(
        pointer: "/\(name.string)", detail: "must be an array of strings, not \(value.kind)")
    }
    var strings: [String] = []
    for (index, element) in elements.enumerated() {
      guard case .string(let string) = element else {
        throw InvalidMember(
          pointer: "/\(name.string)/\(index)", detail: "must be a string, not \(element.kind)")
      }
      strings.append(string)
    }
    return strings
  }
}
