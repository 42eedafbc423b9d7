/// Options as environment variables: `--max-body` is `EVENTLOG_MAX_BODY`.
///
/// They become arguments that stand before those of the command line, so that both are read alike and the
/// command line wins.
enum EnvironmentArguments {
  private struct Names {
    let options: [String]
    /// With the arguments that mean true and false.
    let flags: [(on: String, off: String?)]
  }

  private static let log = Names(
    options: ["--store", "--max-body", "--log-level"], flags: [("--examples", "--no-examples")])
  private static let socket = Names(
    options: ["--listen", "--socket-group", "--workers", "--drain-timeout"], flags: [("--replace", nil)])

  /// The arguments of `LogOptions`.
  ///
  /// - Parameter environment: of the process; an empty variable counts as not set.
  static func ofLog(_ environment: [String: String]) -> [String] {
    make(log, environment)
  }

  /// The arguments of `serve`.
  ///
  /// - Parameter environment: of the process; an empty variable counts as not set.
  static func ofServe(_ environment: [String: String]) -> [String] {
    make(log, environment) + make(socket, environment)
  }

  private static func make(_ names: Names, _ environment: [String: String]) -> [String] {
    func value(_ option: String) -> String? {
      let name = option.dropFirst(2).uppercased().map { $0 == "-" ? "_" : $0 }
      return environment["EVENTLOG_" + String(name)].flatMap { $0.isEmpty ? nil : $0 }
    }
    let options = names.options.compactMap { option in value(option).map { "\(option)=\($0)" } }
    let flags = names.flags.compactMap { flag -> String? in
      switch value(flag.on) {
      case nil: nil
      case "true", "1": flag.on
      case "false", "0": flag.off
      case let other?: "\(flag.on)=\(other)"
      }
    }
    return options + flags
  }
}
