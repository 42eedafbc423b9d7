import ArgumentParser
import FastCGI
import Foundation
import HTTPCore

/// Answers one request as a CGI program. The settings come from the environment: the command line of a CGI
/// program belongs to whoever writes the query.
enum CGICommand {
  static func run(_ environment: [String: String]) -> Never {
    do {
      let options = try LogOptions.parse(try EnvironmentArguments.ofLog(environment))
      let logger = options.makeLogger()
      let site = try options.openSite(logger)
      let program = CGIProgram(
        environment: environment, maximumBodySize: options.maxBody, logger: logger)
      let isWhole = try waitFor { await program.respond(site.router.respond) }
      exit(isWhole ? EXIT_SUCCESS : EXIT_FAILURE)
    } catch {
      FileHandle.standardError.write(Data("eventlog: \(LogOptions.message(for: error))\n".utf8))
      print("Status: 503 Service Unavailable\r\nContent-Type: text/plain\r\n\r\nThe log cannot be used.")
      exit(EX_UNAVAILABLE)
    }
  }
}
