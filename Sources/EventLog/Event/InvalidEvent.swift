/// Why members do not make an event: every reason at once, so that a person can mend all in one go.
public struct InvalidEvent: Error, Equatable, Sendable {
  /// Never empty, in the order of the members.
  public let errors: [InvalidMember]

  public init(errors: [InvalidMember]) {
    self.errors = errors
  }
}

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

  /// The first part of the pointer: `tags` for `/tags/2`.
  public var member: Substring {
    pointer.dropFirst().prefix { $0 != "/" }
  }
}
