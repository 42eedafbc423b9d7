import ArgumentParser

/// `eventlog`.
struct EventLogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eventlog",
    abstract: "A durable log of events, behind the web server you already run.",
    discussion: """
      eventlog answers /health, /events and an HTML page as a FastCGI responder. nginx, lighttpd or Apache stands in \
      front of it. When it answers 201, the event is on disk.

      Started by a web server for one request (GATEWAY_INTERFACE is set and there is no listening socket), it \
      answers as a CGI program; it then reads its settings from the environment alone.
      """,
    version: version,
    subcommands: [
      ServeCommand.self, ListCommand.self, AppendCommand.self, ExportCommand.self, ImportCommand.self,
      BackupCommand.self, CheckCommand.self,
    ])

  /// Tells which options of a command can be given in the environment.
  ///
  /// - Parameter command: the name of a subcommand.
  /// - Returns: what the command declares, or what every command takes, which is the store; nil when there is no such
  ///   command.
  static func environmentOptions(of command: String) -> (any EnvironmentOptions.Type)? {
    configuration.subcommands.first { $0.configuration.commandName == command }
      .map { $0 as? any EnvironmentOptions.Type ?? StoreOptions.self }
  }
}
