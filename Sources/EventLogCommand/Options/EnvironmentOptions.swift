import ArgumentParser

/// A group of options some of which can also be given as environment variables.
protocol EnvironmentOptions {
  static var environmentOptions: [EnvironmentOption] { get }
}

extension EnvironmentOptions {
  /// Turns environment variables into arguments. If they are put before the arguments of the command line, both are
  /// read alike, and the command line takes precedence.
  ///
  /// - Parameter environment: the process's environment; an empty variable counts as not set.
  /// - Returns: one argument for each variable that is set, except for a flag whose variable leaves it off.
  /// - Throws: `ValidationError` when a flag's variable is neither true nor false.
  static func arguments(from environment: [String: String]) throws(ValidationError) -> [String] {
    var arguments: [String] = []
    for option in environmentOptions {
      guard let value = environment[option.variable], !value.isEmpty else { continue }
      if let argument = try option.argument(value) { arguments.append(argument) }
    }
    return arguments
  }
}
