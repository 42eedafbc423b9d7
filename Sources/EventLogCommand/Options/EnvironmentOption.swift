import ArgumentParser

/// An option that can also be given as an environment variable.
enum EnvironmentOption {
  /// An option that takes a value: `--name VALUE`.
  case value(String)
  /// An option that may be repeated: `--name VALUE`. Its variable has the values with spaces between them.
  case list(String)
  /// A flag that can only be turned on: `--name`.
  case flag(String)
  /// A flag that can be turned on and off: `--name` or `--no-name`.
  case invertibleFlag(String)

  /// The option's names on the command line; an invertible flag has two.
  var names: [String] {
    switch self {
    case .value(let name), .list(let name), .flag(let name): ["--\(name)"]
    case .invertibleFlag(let name): ["--\(name)", "--no-\(name)"]
    }
  }

  /// The environment variable's name, which is `EVENTLOG_MAX_BODY` for `--max-body`.
  var variable: String {
    switch self {
    case .value(let name), .list(let name), .flag(let name), .invertibleFlag(let name):
      "EVENTLOG_" + name.uppercased().split(separator: "-").joined(separator: "_")
    }
  }

  /// Turns the variable's value into arguments.
  ///
  /// - Parameter value: the variable's value.
  /// - Returns: the arguments that mean the same; none for a flag that the value leaves off.
  /// - Throws: `ValidationError` when the value of a flag is neither true nor false.
  func arguments(_ value: String) throws(ValidationError) -> [String] {
    switch self {
    case .value(let name): return ["--\(name)=\(value)"]
    case .list(let name): return value.split(separator: " ").map { "--\(name)=\($0)" }
    case .flag, .invertibleFlag:
      switch value {
      case "true", "1": return Array(names.prefix(1))
      case "false", "0": return Array(names.dropFirst())
      default: throw ValidationError("\(variable) must be true or false, not '\(value)'.")
      }
    }
  }

  /// Returns whether the command line has values that take the place of the variable's: all values of a list count, of
  /// other options the last one.
  func isReplaced(by arguments: [String]) -> Bool {
    guard case .list(let name) = self else { return false }
    return arguments.contains { $0 == "--\(name)" || $0.hasPrefix("--\(name)=") }
  }
}
