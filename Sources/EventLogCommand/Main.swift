import ArgumentParser
import FastCGI
import Foundation
import Linux

/// One binary: plain CGI when a web server asks for that, else the command line; without a word on it, and
/// with a listening socket to serve on, that means `serve`.
@main
enum Main {
  static func main() {
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
