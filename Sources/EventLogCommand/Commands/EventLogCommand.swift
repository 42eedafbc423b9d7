import ArgumentParser

/// The command `eventlog`, which has a subcommand for each task.
struct EventLogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eventlog",
    abstract: "A durable event log behind the web server that you already run.",
    discussion: """
      eventlog is a FastCGI responder, which answers requests for /health, /events and an HTML page. nginx, lighttpd \
      or Apache stands in front of it. When it answers 201, the event is on disk.

      When a web server starts it for a single request (GATEWAY_INTERFACE is set and there is no listening socket), it \
      answers as a CGI program, and reads its settings only from the environment.
      """,
    version: version,
    subcommands: [
      ServeCommand.self, ListCommand.self, TailCommand.self, FacetsCommand.self, AppendCommand.self,
      ExportCommand.self,
      ImportCommand.self,
      KeysCommand.self, BackupCommand.self, RestoreCommand.self, CheckCommand.self, ReindexCommand.self,
    ])

  /// Returns how many of the arguments name the command, such as 2 for `keys create`; nil when they stop short of one that has
  /// options.
  static func nameCount(_ arguments: [String]) -> Int? {
    let command = configuration.subcommands.first { $0.configuration.commandName == arguments.first }
    guard let nested = command?.configuration.subcommands, !nested.isEmpty else { return 1 }
    let isNamed = nested.contains { $0.configuration.commandName == arguments.dropFirst().first }
    return isNamed ? 2 : nil
  }

  /// Finds the options of a command that can also be given as environment variables.
  ///
  /// - Parameter command: the name of a subcommand.
  /// - Returns: the options that the command declares, or else the store's, which every command takes; nil when no such
  ///   command exists.
  static func environmentOptions(of command: String) -> (any EnvironmentOptions.Type)? {
    configuration.subcommands.first { $0.configuration.commandName == command }
      .map { $0 as? any EnvironmentOptions.Type ?? StoreOptions.self }
  }
}
