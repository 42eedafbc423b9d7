import ArgumentParser

/// Options that can also be given as environment variables.
protocol EnvironmentOptions {
  static var environmentOptions: [EnvironmentOption] { get }
}

extension EnvironmentOptions {
  /// Turns variables into arguments. They belong before those of the command line, so that both are read alike and the
  /// command line wins.
  ///
  /// - Parameter environment: of the process; an empty variable counts as not set.
  /// - Returns: an argument for each variable that is set.
  /// - Throws: when the variable of a flag is neither true nor false.
  static func arguments(from environment: [String: String]) throws(ValidationError) -> [String] {
    var arguments: [String] = []
    for option in environmentOptions {
      guard let value = environment[option.variable], !value.isEmpty else { continue }
      if let argument = try option.argument(value) { arguments.append(argument) }
    }
    return arguments
  }
}
