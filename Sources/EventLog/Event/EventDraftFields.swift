/// The members of an event as somebody gave them, not yet checked, with what could not be read of them.
///
/// Every way into the log (JSON, form, command line) fills one of these; `EventDraft` checks it.
public struct EventDraftFields: Equatable, Sendable {
  public var type: String?
  public var source: String?
  public var message: String?
  public var userID: String?
  public var requestID: String?
  public var tags: [String] = []
  public var data: EventData?
  /// What is wrong with members that could not be read at all, such as one the log does not know.
  public private(set) var errors: [InvalidMember] = []

  /// The number of errors that are noted: enough to mend by, and a bound on the answer to nonsense.
  private static let maximumErrors = 100

  public init() {}

  /// Notes what is wrong with a member that could not be read, up to a hundred times.
  public mutating func note(_ error: InvalidMember) {
    if errors.count < Self.maximumErrors { errors.append(error) }
  }

  /// Reads the fields of an HTML form.
  ///
  /// An empty field is an absent one. Line ends are made line feeds, since browsers send CR LF. `tags` may be
  /// repeated, one field may hold several tags with commas between them, and a tag that is there twice counts once. `data` is a JSON text.
  ///
  /// - Parameter form: names and values, decoded, in the order they were sent.
  public init(form: [(name: String, value: String)]) {
    var seen: Set<String> = []
    for (name, value) in form {
      guard seen.insert(name).inserted || name == "tags" else {
        note(InvalidMember(pointer: "/\(name.pointerEscaped)", detail: "is given twice"))
        continue
      }
      read(name, value.isEmpty ? nil : value)
    }
  }

  private mutating func read(_ name: String, _ value: String?) {
    switch name {
    case "type": type = value
    case "source": source = value
    case "message": message = value?.withLineFeeds
    case "user_id": userID = value
    case "request_id": requestID = value
    case "tags":
      for tag in (value ?? "").split(separator: ",").map(\.trimmed)
      where !tag.isEmpty && !tags.contains(where: { $0.utf8.elementsEqual(tag.utf8) }) {
        tags.append(tag)
      }
    case "data":
      do {
        data = try value.map { text throws(InvalidMember) in try EventData(parsing: text) }
      } catch {
        note(error)
      }
    default: note(.unknown(name))
    }
  }
}

extension InvalidMember {
  /// The error for a member that the log does not know: nothing is dropped in silence.
  public static func unknown(_ name: String) -> InvalidMember {
    InvalidMember(
      pointer: "/\(name.pointerEscaped)",
      detail: "is not a member of an event; put extra facts under data")
  }
}

extension String {
  /// RFC 6901 section 3.
  fileprivate var pointerEscaped: String {
    split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
      .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
  }

  fileprivate var withLineFeeds: String {
    String(map { $0 == "\r\n" || $0 == "\r" ? "\n" : $0 })
  }
}

extension Substring {
  fileprivate var trimmed: String {
    let trimmed = drop(while: \.isWhitespace)
    guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(trimmed[...last])
  }
}
