public import Text

/// The reasons why parameters do not make a valid query, all at once.
public struct InvalidQuery: Error, Equatable, Sendable {
  /// The errors in the order of the parameters; never empty.
  public let errors: [InvalidParameter]

  /// - Parameter errors: the errors in the order of the parameters, at least one.
  public init(errors: [InvalidParameter]) {
    self.errors = errors
  }
}

/// One error in one query parameter.
public struct InvalidParameter: Error, Equatable, Sendable {
  /// The parameter's name; a long one that is not known is abridged.
  public let name: Text
  /// What is wrong, as the end of a sentence that starts with the parameter's name.
  public let detail: String
  /// Where the value is not valid, in characters (Unicode scalar values) from its start; nil when all of it is meant.
  public let place: Range<Int>?

  /// - Parameters:
  ///   - name: the parameter's name.
  ///   - detail: what is wrong, as the end of a sentence that starts with the name.
  ///   - place: where the value is not valid, in characters from its start; nil when all of it is meant.
  public init(name: Text, detail: String, place: Range<Int>? = nil) {
    self.name = name
    self.detail = detail
    self.place = place
  }
}
