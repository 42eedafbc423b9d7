/// One thing that is wrong with one member of an event.
public struct InvalidMember: Error, Equatable, Sendable {
  /// The place as a JSON Pointer (RFC 6901): `/message`, `/tags/2`.
  public let pointer: String
  /// What is wrong, as the end of a sentence that starts with the member's name: "must not be blank".
  public let detail: String

  public init(pointer: String, detail: String) {
    self.pointer = pointer
    self.detail = detail
  }

  /// - Parameters:
  ///   - name: the name that somebody gave the member, which may be any text.
  ///   - detail: what is wrong.
  public init(named name: String, detail: String) {
    self.init(pointer: "/\(name.pointerEscaped)", detail: detail)
  }

  /// The error for a member that the log does not know: nothing is dropped in silence.
  public static func unknown(_ name: String) -> InvalidMember {
    InvalidMember(named: name, detail: "is not a member of an event; put extra facts under data")
  }

  /// The first part of the pointer: `tags` for `/tags/2`.
  public var member: Substring {
    pointer.dropFirst().prefix { $0 != "/" }
  }
}

extension String {
  /// RFC 6901 section 3.
  fileprivate var pointerEscaped: String {
    split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
      .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
  }
}
