import ArgumentParser
import Glibc
import Linux
import SystemPackage

/// One run of the command line.
struct Invocation {
  /// The arguments, without the program's name.
  let arguments: [String]

  /// Runs the command that the arguments ask for, and ends the process with its exit code.
  func run() -> Never {
    var command: (any ParsableCommand)?
    do {
      command = try EventLogCommand.parseAsRoot(arguments)
      try command?.run()
      exit(EXIT_SUCCESS)
    } catch {
      end(error, in: command)
    }
  }

  /// Ends the process with an error, or with what was asked for in place of a command, such as the help.
  ///
  /// - Parameters:
  ///   - error: the error.
  ///   - command: the command that was running; nil when the arguments were being read.
  func end(_ error: any Error, in command: (any ParsableCommand)? = nil) -> Never {
    let code = EventLogCommand.exitCode(for: error)
    let message = message(for: error, in: command)
    if message.isEmpty { exit(code.rawValue) }
    if code == .success {
      do { try Exit.print(message) } catch { exit(EX_IOERR) }
    } else {
      let text = message.printable(keeping: ["\n"])
      _ = try? FileDescriptor.standardError.writeAll("\(text)\n".utf8)
    }
    exit(code.rawValue)
  }

  /// Returns what is said about an error. ArgumentParser does not always know which command is meant.
  private func message(for error: any Error, in command: (any ParsableCommand)?) -> String {
    if let error = error as? ValidationError, let command {
      return "Error: \(error.message)\n\(Self.usage(of: type(of: command)))"
    }
    let message = EventLogCommand.fullMessage(for: error)
    if command != nil || EventLogCommand.exitCode(for: error) == .success { return message }
    var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if let usage = lines.firstIndex(of: "Usage: \(EventLogCommand.usageString())"),
      let meant = EventLogCommand.configuration.subcommands.first(where: {
        $0.configuration.commandName == arguments.first
      })
    {
      lines[usage...] = [Self.usage(of: meant)]
    }
    if let hint = hint(about: message) { lines.insert(hint, at: 1) }
    return lines.joined(separator: "\n")
  }

  private static func usage(of command: any ParsableCommand.Type) -> String {
    // A subcommand's own name says too little.
    let parent = EventLogCommand.configuration.subcommands.first { parent in
      parent.configuration.subcommands.contains { $0 == command }
    }
    let names = [parent, command].compactMap { $0?.configuration.commandName }
    return """
      Usage: \(EventLogCommand.usageString(for: command))
        See 'eventlog \(names.joined(separator: " ")) --help' for more information.
      """
  }

  /// Returns a line about an argument that was meant as a value, but starts with a dash; nil when there is none.
  private func hint(about message: String) -> String? {
    if let command = arguments.first, Self.commandsWithValues.contains(command),
      let value = arguments.last(where: { value in
        ["Unknown option '\(value)'", "Invalid option: \(value)"].contains {
          message.hasPrefix("Error: \($0)")
        }
      })
    {
      return "Hint:  If that is no option, put -- before it: eventlog \(command) ... -- '\(value)'"
    }
    guard
      let place = arguments.indices.dropLast().first(where: {
        message.hasPrefix("Error: Missing value for '\(arguments[$0]) ") && arguments[$0 + 1].hasPrefix("-")
      })
    else { return nil }
    return
      "Hint:  A value that starts with a dash follows an equals sign: \(arguments[place])='\(arguments[place + 1])'"
  }

  /// The commands that take a value without an option's name.
  private static let commandsWithValues = ["append", "import", "backup", "restore"]
}
