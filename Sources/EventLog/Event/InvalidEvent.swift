/// Why members do not make an event: every reason at once, so that a person can mend all in one go.
public struct InvalidEvent: Error, Equatable, Sendable {
  /// Never empty, in the order of the members.
  public let errors: [InvalidMember]

  public init(errors: [InvalidMember]) {
    self.errors = errors
  }
}
