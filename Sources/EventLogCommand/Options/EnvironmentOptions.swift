import ArgumentParser

/// A group of options some of which can also be given as environment variables.
protocol EnvironmentOptions {
  static var environmentOptions: [EnvironmentOption] { get }
}

extension EnvironmentOptions {
  /// Turns environment variables into arguments. If they are put before the arguments of the command line, both are
  /// read alike, and the command line takes precedence.
  ///
  /// - Parameters:
  ///   - environment: the process's environment; an empty variable counts as not set.
  ///   - commandLine: the arguments of the command line.
  /// - Returns: the arguments for each variable that is set.
  /// - Throws: `ValidationError` when a flag's variable is neither true nor false.
  static func arguments(
    from environment: [String: String], overriddenBy commandLine: [String] = []
  ) throws(ValidationError) -> [String] {
    var arguments: [String] = []
    for option in environmentOptions {
      guard let value = environment[option.variable], !value.isEmpty, !option.isReplaced(by: commandLine)
      else {
        continue
      }
      arguments += try option.arguments(value)
    }
    return arguments
  }
}
