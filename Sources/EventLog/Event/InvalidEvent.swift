/// The reasons why members do not make a valid event, all at once, so that a person can correct them in one go.
public struct InvalidEvent: Error, Equatable, Sendable {
  /// The errors; never empty. Those of members that could not be read come first, then the others in the order of the
  /// members.
  public let errors: [InvalidMember]

  public init(errors: [InvalidMember]) {
    self.errors = errors
  }
}
