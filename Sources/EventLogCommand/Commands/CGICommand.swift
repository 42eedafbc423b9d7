import ArgumentParser
import EventLog
import FastCGI
import Glibc
import HTTPCore

/// Answers one request as a CGI program. The settings come only from the environment, because the client controls the
/// command line of a CGI program (RFC 3875, section 4.4).
enum CGICommand {
  static func run(_ environment: [String: String]) -> Never {
    do {
      let options = try LogOptions.parse(try LogOptions.arguments(from: environment))
      let logger = options.makeLogger()
      let site = try options.openSite(logger)
      let program = CGIProgram(
        environment: environment, maximumBodySize: options.maxBody, logger: logger)
      let isWhole = try waitFor { await program.respond(site.router.respond) }
      site.store.close()
      exit(isWhole ? EXIT_SUCCESS : EXIT_FAILURE)
    } catch {
      Exit.say(LogOptions.message(for: error))
      print("Status: 503 Service Unavailable\r\nContent-Type: text/plain\r\n\r\nThe log cannot be used.")
      exit(EX_UNAVAILABLE)
    }
  }
}
