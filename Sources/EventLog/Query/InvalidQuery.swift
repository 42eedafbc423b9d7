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
