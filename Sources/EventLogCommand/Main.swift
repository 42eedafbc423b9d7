import ArgumentParser
import FastCGI
import Foundation
import Linux

/// The program's entry point. It answers as a CGI program when a web server starts it as one, and otherwise runs the
/// command line. An empty command line means `serve` if the process has inherited a listening socket.
@main
enum Main {
  static func main() {
    // A file that reaches the limit of `ulimit -f` is then reported like a full disk.
    signal(SIGXFSZ, SIG_IGN)
    let environment = ProcessInfo.processInfo.environment
    if CGIProgram.isAsked(by: environment) {
      CGICommand.run(environment)
    }
    var arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.isEmpty && ListeningSocket(inherited: environment) != nil { arguments = ["serve"] }
    do {
      if let options = arguments.first.flatMap(EventLogCommand.environmentOptions(of:)) {
        arguments.insert(contentsOf: try options.arguments(from: environment), at: 1)
      }
    } catch {
      EventLogCommand.exit(withError: error)
    }
    EventLogCommand.main(arguments)
  }
}
