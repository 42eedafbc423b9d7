import ArgumentParser

/// Options as environment variables: `--max-body` is `EVENTLOG_MAX_BODY`.
///
/// They become arguments that stand before those of the command line, so that both are read alike and the
/// command line wins.
enum EnvironmentArguments {
  private struct Names {
    let options: [String]
    /// With the arguments that mean true and false.
    let flags: [(on: String, off: String?)]

    static func + (left: Names, right: Names) -> Names {
      Names(options: left.options + right.options, flags: left.flags + right.flags)
    }
  }

  private static let store = Names(options: ["--store"], flags: [])
  private static let log = Names(
    options: ["--store", "--max-body", "--query-timeout", "--log-level"],
    flags: [("--examples", "--no-examples")])
  private static let socket = Names(
    options: ["--listen", "--socket-group", "--workers", "--drain-timeout", "--slow-request"],
    flags: [("--replace", nil)])

  /// The arguments of `LogOptions`.
  ///
  /// - Parameter environment: of the process; an empty variable counts as not set.
  /// - Returns: those whose variable is set.
  /// - Throws: when the variable of a flag is neither true nor false.
  static func ofLog(_ environment: [String: String]) throws(ValidationError) -> [String] {
    try make(log, environment)
  }

  /// The arguments of `serve`.
  ///
  /// - Parameter environment: of the process; an empty variable counts as not set.
  /// - Returns: those whose variable is set.
  /// - Throws: when the variable of a flag is neither true nor false.
  static func ofServe(_ environment: [String: String]) throws(ValidationError) -> [String] {
    try make(log + socket, environment)
  }

  /// The arguments of the commands that use a log without a server.
  ///
  /// - Parameter environment: of the process; an empty variable counts as not set.
  /// - Returns: those whose variable is set.
  /// - Throws: nothing in practice; there are no flags.
  static func ofStore(_ environment: [String: String]) throws(ValidationError) -> [String] {
    try make(store, environment)
  }

  private static func make(
    _ names: Names, _ environment: [String: String]
  ) throws(ValidationError) -> [String] {
    var arguments: [String] = []
    for option in names.options {
      if let value = environment.value(variable(option)) { arguments.append("\(option)=\(value)") }
    }
    for flag in names.flags {
      switch environment.value(variable(flag.on)) {
      case nil: break
      case "true", "1": arguments.append(flag.on)
      case "false", "0": arguments += [flag.off].compactMap(\.self)
      case let other?:
        throw ValidationError("\(variable(flag.on)) must be true or false, not '\(other)'.")
      }
    }
    return arguments
  }

  private static func variable(_ option: String) -> String {
    "EVENTLOG_" + option.dropFirst(2).uppercased().split(separator: "-").joined(separator: "_")
  }
}

extension [String: String] {
  fileprivate func value(_ name: String) -> String? {
    self[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
