public import EventLog

/// Events as a feed (RFC 4287), the newest first.
///
/// Its ids are UUIDs that follow from the log's id and the events' (RFC 9562 section 5.8), so they stay the same wherever the
/// log is published. Its links are relative to the site.
public struct AtomFeed: Sendable {
  private let logID: Int64
  private let mount: String
  private let query: String

  /// - Parameters:
  ///   - state: the state of the log.
  ///   - mount: the path under which the program is mounted, without a trailing slash.
  ///   - query: the query of the filter without its question mark.
  public init(_ state: LogState, mount: String, query: String) {
    logID = state.logID
    self.mount = mount
    self.query = query
  }

  /// Writes the feed.
  ///
  /// - Parameters:
  ///   - events: the events, newest first.
  ///   - title: the title.
  /// - Returns: the feed as XML.
  public func text(of events: [Event], title: String) -> [UInt8] {
    var xml = XMLText()
    let suffix = query.isEmpty ? "" : "?\(query)"
    xml.append(
      markup: "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n")
    xml.append("title", title)
    xml.append("id", id(of: query))
    xml.append(link: "\(mount)/events.atom\(suffix)", "self", type: "application/atom+xml")
    xml.append(link: "\(mount)/\(suffix)", "alternate", type: "text/html")
    xml.append("updated", (events.first?.timestamp ?? Timestamp(milliseconds: 0)).description)
    xml.append(markup: "<author><name>Event Log</name></author>\n")
    for event in events { append(event, to: &xml) }
    xml.append(markup: "</feed>\n")
    return xml.text
  }

  private func append(_ event: Event, to xml: inout XMLText) {
    let draft = event.draft
    let link = "\(mount)/events/\(event.id)"
    xml.append(markup: "<entry>\n")
    xml.append("title", Self.title(of: draft.message))
    xml.append("id", Self.uuid(UInt64(bitPattern: logID), UInt64(event.id.number)))
    xml.append(link: link, "alternate", type: "text/html")
    xml.append("updated", event.timestamp.description)
    xml.append("published", event.moment(of: .occurredAt).description)
    xml.append(markup: "<author>")
    xml.append("name", draft.source)
    xml.append(markup: "</author>\n")
    for term in [draft.type.rawValue] + draft.tags { xml.append(category: term) }
    xml.append("content", draft.message, attributes: " type=\"text\"")
    xml.append(markup: "</entry>\n")
  }

  /// The longest title, in characters.
  private static let titleLength = 120

  private static func title(of message: String) -> String {
    let line = message.unicodeScalars.prefix { $0 != "\n" }
    let start = line.prefix(titleLength)
    return String(start) + (start.endIndex < message.endIndex ? "…" : "")
  }

  private func id(of query: String) -> String {
    var digest = FNV1a()
    digest.add(query.utf8Span.span)
    return Self.uuid(UInt64(bitPattern: logID), digest.value | 1 << 61)
  }

  private static func uuid(_ high: UInt64, _ low: UInt64) -> String {
    func hexadecimal(_ number: UInt64) -> String {
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    // Version 8, and the variant of RFC 9562.
    let first = hexadecimal(high & ~0xF000 | 0x8000)
    let second = hexadecimal(low & 0x3FFF_FFFF_FFFF_FFFF | 1 << 63)
    return "urn:uuid:\(first.prefix(8))-\(first.dropFirst(8).prefix(4))-\(first.suffix(4))-"
      + "\(second.prefix(4))-\(second.suffix(12))"
  }
}

/// Text of XML 1.0.
private struct XMLText {
  private(set) var text: [UInt8] = []

  mutating func append(markup: String) { text += markup.utf8 }

  mutating func append(_ element: String, _ content: String, attributes: String = "") {
    append(markup: "<\(element)\(attributes)>")
    append(escaping: content)
    append(markup: "</\(element)>\n")
  }

  mutating func append(link: String, _ relation: String, type: String) {
    append(markup: "<link rel=\"\(relation)\" type=\"\(type)\" href=\"")
    append(escaping: link)
    append(markup: "\"/>\n")
  }

  mutating func append(category term: String) {
    append(markup: "<category term=\"")
    append(escaping: term)
    append(markup: "\"/>\n")
  }

  /// Escapes markup. Two characters that events may have cannot be in XML at all (section 2.2).
  private mutating func append(escaping content: String) {
    for scalar in content.unicodeScalars {
      switch scalar {
      case "&": append(markup: "&amp;")
      case "<": append(markup: "&lt;")
      case ">": append(markup: "&gt;")
      case "\"": append(markup: "&quot;")
      case "\u{FFFE}", "\u{FFFF}": append(markup: "\u{FFFD}")
      default: text += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
  }
}
