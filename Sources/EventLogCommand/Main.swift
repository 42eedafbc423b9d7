import ArgumentParser
import FastCGI
import Foundation
import Linux

/// The program's entry point. It answers as a CGI program when a web server starts it as one, and otherwise runs the
/// command line. An empty command line means `serve` if the process has inherited a listening socket.
@main
enum Main {
  /// The permissions that no file of this program has: only its owner reads a log, or what was taken from one.
  private static let mask: mode_t = 0o077

  static func main() {
    umask(mask)
    occupyStandardDescriptors()
    // A file that reaches the limit of `ulimit -f` is then reported like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    let environment = ProcessInfo.processInfo.environment
    if CGIProgram.isAsked(by: environment) {
      CGICommand.run(environment)
    }
    var arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.isEmpty && !ListeningSocket.inherited(environment).isEmpty { arguments = ["serve"] }
    let given = Invocation(arguments: arguments)
    do {
      try ProcessText.refuseArguments()
      if let options = arguments.first.flatMap(EventLogCommand.environmentOptions(of:)),
        let nameCount = EventLogCommand.nameCount(arguments)
      {
        try ProcessText.refuse(options.environmentOptions)
        arguments.insert(
          contentsOf: try options.arguments(from: environment, overriddenBy: arguments),
          at: nameCount)
      }
    } catch {
      given.end(error)
    }
    Invocation(arguments: arguments).run()
  }

  /// Makes sure that no file that is opened later is mistaken for standard input, output or error, where these are
  /// closed. Using them remains an error.
  private static func occupyStandardDescriptors() {
    for (descriptor, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", mode)
    }
  }
}
