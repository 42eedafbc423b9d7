import ArgumentParser

/// An option that can also be given as an environment variable.
enum EnvironmentOption {
  /// An option that takes a value: `--name VALUE`.
  case value(String)
  /// A flag that can only be turned on: `--name`.
  case flag(String)
  /// A flag that can be turned on and off: `--name` or `--no-name`.
  case invertibleFlag(String)

  /// The option's names on the command line; an invertible flag has two.
  var names: [String] {
    switch self {
    case .value(let name), .flag(let name): ["--\(name)"]
    case .invertibleFlag(let name): ["--\(name)", "--no-\(name)"]
    }
  }

  /// The environment variable's name, which is `EVENTLOG_MAX_BODY` for `--max-body`.
  var variable: String {
    switch self {
    case .value(let name), .flag(let name), .invertibleFlag(let name):
      "EVENTLOG_" + name.uppercased().split(separator: "-").joined(separator: "_")
    }
  }

  /// Turns the variable's value into an argument.
  ///
  /// - Parameter value: the variable's value.
  /// - Returns: the argument that means the same; nil for a flag that the value leaves off.
  /// - Throws: `ValidationError` when the value of a flag is neither true nor false.
  func argument(_ value: String) throws(ValidationError) -> String? {
    if case .value(let name) = self { return "--\(name)=\(value)" }
    switch value {
    case "true", "1": return names.first
    case "false", "0": return names.dropFirst().first
    default: throw ValidationError("\(variable) must be true or false, not '\(value)'.")
    }
  }
}
