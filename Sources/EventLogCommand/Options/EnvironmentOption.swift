import ArgumentParser

/// An option that can also be given as an environment variable.
enum EnvironmentOption {
  /// `--name VALUE`.
  case value(String)
  /// `--name`.
  case flag(String)
  /// `--name` or `--no-name`.
  case invertibleFlag(String)

  /// What the option is called on the command line; a flag with an inversion has two names.
  var names: [String] {
    switch self {
    case .value(let name), .flag(let name): ["--\(name)"]
    case .invertibleFlag(let name): ["--\(name)", "--no-\(name)"]
    }
  }

  /// The variable's name: `--max-body` is `EVENTLOG_MAX_BODY`.
  var variable: String {
    switch self {
    case .value(let name), .flag(let name), .invertibleFlag(let name):
      "EVENTLOG_" + name.uppercased().split(separator: "-").joined(separator: "_")
    }
  }

  /// - Parameter value: of the variable.
  /// - Returns: the argument that means the same; nil for a flag that is not given.
  /// - Throws: when a flag is neither true nor false.
  func argument(_ value: String) throws(ValidationError) -> String? {
    if case .value(let name) = self { return "--\(name)=\(value)" }
    switch value {
    case "true", "1": return names.first
    case "false", "0": return names.dropFirst().first
    default: throw ValidationError("\(variable) must be true or false, not '\(value)'.")
    }
  }
}
