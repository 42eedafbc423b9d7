/// Why parameters do not make a query: every reason at once.
public struct InvalidQuery: Error, Equatable, Sendable {
  /// Never empty, in the order of the parameters.
  public let errors: [InvalidParameter]
}

/// One thing that is wrong with one query parameter.
public struct InvalidParameter: Error, Equatable, Sendable {
  public let name: String
  /// What is wrong, as the end of a sentence that starts with the parameter's name.
  public let detail: String
}

/// The query language: the same names in the API, the page and the command line.
extension EventQuery {
  /// Reads a query from decoded names and values.
  ///
  /// | name | value | default |
  /// |---|---|---|
  /// | `type` | an event type; repeat it for any of several | every type |
  /// | `order` | `asc` or `desc` | that of `defaults` |
  /// | `limit` | 1 to 1000 | that of `defaults` |
  /// | `cursor` | from a link of an earlier answer to the same query | the first page |
  ///
  /// An empty value is an absent parameter, which is what an HTML form sends for an empty field.
  ///
  /// - Parameters:
  ///   - parameters: in the order they were given.
  ///   - defaults: the query of no parameters at all.
  /// - Throws: `InvalidQuery` that names every unknown, repeated or invalid parameter.
  public init(
    parameters: [(name: String, value: String)], defaults: EventQuery = EventQuery()
  ) throws(InvalidQuery) {
    self = defaults
    var errors: [InvalidParameter] = []
    var seen: Set<String> = []
    var cursorText: String?
    for (name, value) in parameters where !value.isEmpty || !Self.parameterNames.contains(name) {
      do throws(InvalidParameter) {
        guard seen.insert(name).inserted || name == "type" else {
          throw InvalidParameter(name: name, detail: "is given twice")
        }
        switch name {
        case "type": types.insert(try Self.type(value))
        case "order": order = try Self.order(value)
        case "limit": limit = try Self.limit(value)
        case "cursor": cursorText = value
        default: throw Self.unknown(name)
        }
      } catch {
        if errors.count < Self.maximumErrors { errors.append(error) }
      }
    }
    if cursorText != nil, limit == nil {
      errors.append(
        InvalidParameter(name: "cursor", detail: "needs the limit that stands beside it in the link"))
    }
    if let cursorText, errors.isEmpty {
      cursor = cursor(decoding: cursorText)
      if cursor == nil {
        errors.append(
          InvalidParameter(
            name: "cursor", detail: "is not one that this log gave for this filter and order"))
      }
    }
    guard errors.isEmpty else { throw InvalidQuery(errors: errors) }
  }

  /// The parameters that make this query again, whatever the defaults; `lastID` has none.
  public var parameters: [(name: String, value: String)] {
    var parameters = filterParameters
    if let limit { parameters.append(("limit", String(limit))) }
    if let cursor { parameters.append(("cursor", encode(cursor))) }
    return parameters
  }

  /// The number of errors that are told of: enough to mend by, and a bound on the answer to nonsense.
  private static let maximumErrors = 100
  private static let parameterNames: Set = ["type", "order", "limit", "cursor"]

  private var filterParameters: [(name: String, value: String)] {
    EventType.allCases.filter(types.contains).map { ("type", $0.rawValue) } + [("order", order.rawValue)]
  }

  private static func type(_ value: String) throws(InvalidParameter) -> EventType {
    guard let type = EventType(rawValue: value) else {
      throw InvalidParameter(name: "type", detail: "must be \(EventType.allowedNames)")
    }
    return type
  }

  private static func order(_ value: String) throws(InvalidParameter) -> Order {
    guard let order = Order(rawValue: value) else {
      throw InvalidParameter(name: "order", detail: "must be asc or desc")
    }
    return order
  }

  private static func limit(_ value: String) throws(InvalidParameter) -> Int {
    guard value.allSatisfy(\.isASCIIDigit), let limit = Int(value), (1...maximumLimit).contains(limit) else {
      throw InvalidParameter(name: "limit", detail: "must be a whole number from 1 to \(maximumLimit)")
    }
    return limit
  }

  private static func unknown(_ name: String) -> InvalidParameter {
    let known = parameterNames.sorted().joined(separator: ", ")
    return InvalidParameter(name: name, detail: "is not a parameter here; there are \(known)")
  }
}

/// The text of a cursor: direction, id, and a fingerprint of filter and order, so that a cursor cannot be
/// used with a query that it does not belong to.
extension EventQuery {
  private func encode(_ cursor: EventCursor) -> String {
    cursor.direction.rawValue + String(cursor.position.number, radix: 36) + "." + fingerprint
  }

  private func cursor(decoding text: String) -> EventCursor? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1] == fingerprint,
      let direction = EventCursor.Direction(rawValue: String(parts[0].prefix(1))),
      let position = Int64(parts[0].dropFirst(), radix: 36).flatMap(EventID.init)
    else { return nil }
    let cursor = EventCursor(direction, of: position)
    return encode(cursor) == text ? cursor : nil
  }

  /// FNV-1a, 32 bits: it guards against mistakes, not against forgery, which would gain nothing.
  private var fingerprint: String {
    var hash: UInt32 = 0x811C_9DC5
    for byte in filterParameters.map({ "\($0.name)=\($0.value)" }).joined(separator: "&").utf8 {
      hash = (hash ^ UInt32(byte)) &* 0x0100_0193
    }
    return String(hash, radix: 36)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
