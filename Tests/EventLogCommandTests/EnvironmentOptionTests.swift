import ArgumentParser
import Foundation
import Testing

@testable import EventLogCommand

/// Compares the declared environment variables with what ArgumentParser and the README say.
struct EnvironmentOptionTests {
  @Test func readsEveryOptionOfServeFromTheEnvironment() throws {
    #expect(
      Set(ServeCommand.environmentOptions.flatMap(\.names)) == (try Help(of: ServeCommand.self).names()))
    let flags = ServeCommand.environmentOptions.filter {
      switch $0 {
      case .value, .list: false
      case .flag, .invertibleFlag: true
      }
    }
    #expect(Set(flags.flatMap(\.names)) == (try Help(of: ServeCommand.self).names(["flag"])))
  }

  @Test(arguments: EventLogCommand.configuration.subcommands.map { $0._commandName })
  func givesACommandNothingFromTheEnvironmentThatItDoesNotTake(_ name: String) throws {
    let command = try #require(
      EventLogCommand.configuration.subcommands.first { $0._commandName == name })
    let options = try #require(EventLogCommand.environmentOptions(of: name))
    // A command that has subcommands gives them to each of these.
    let takers = command.configuration.subcommands.isEmpty ? [command] : command.configuration.subcommands
    for taker in takers {
      #expect(try Help(of: taker).names().isSuperset(of: options.environmentOptions.flatMap(\.names)))
    }
    #expect(options.environmentOptions.map(\.variable).contains("EVENTLOG_STORE"))
  }

  @Test func givesNothingToWhatIsNoCommand() {
    for name in ["", "help", "--version", "server"] {
      #expect(EventLogCommand.environmentOptions(of: name) == nil)
    }
  }

  @Test func readsFromTheEnvironmentWhatTheReadmeSays() throws {
    let readme = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../README.md")
    let rows = try String(contentsOf: readme, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| `--") && $0.contains("`EVENTLOG_") }
      .map { $0.split(separator: "`")[1] + " " + $0.split(separator: "`")[3] }
    #expect(Set(rows) == Set(ServeCommand.environmentOptions.map { "\($0.names[0]) \($0.variable)" }))
    #expect(rows.count == ServeCommand.environmentOptions.count)
  }
}

/// What ArgumentParser knows about a command.
private struct Help: Decodable {
  struct Argument: Decodable {
    struct Name: Decodable {
      let name: String
    }
    let kind: String
    let names: [Name]?
  }
  struct Command: Decodable {
    let arguments: [Argument]?
  }
  let command: Command

  init(of command: any ParsableCommand.Type) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(command._dumpHelp().utf8))
  }

  /// The names of the options and flags, except for those that every command has.
  func names(_ kinds: Set<String> = ["option", "flag"]) -> Set<String> {
    let arguments = (command.arguments ?? []).filter { kinds.contains($0.kind) }
    return Set(arguments.flatMap { $0.names ?? [] }.map { "--\($0.name)" })
      .subtracting(["--help", "--h", "--version"])
  }
}
