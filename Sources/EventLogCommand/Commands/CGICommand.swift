import ArgumentParser
import EventLog
import FastCGI
import Glibc
import HTTPCore
import Linux

/// Answers one request as a CGI program. The settings come only from the environment, because the client controls the
/// command line of a CGI program (RFC 3875, section 4.4).
enum CGICommand {
  static func run(_ environment: [String: String]) -> Never {
    let logOutput = BackgroundLineWriter.log
    do {
      try ProcessText.refuse(LogOptions.environmentOptions)
      let options = try LogOptions.parse(try LogOptions.arguments(from: environment))
      let logger = options.makeLogger(writingTo: logOutput)
      let site = try options.openSite(logger)
      let program = CGIProgram(
        environment: ProcessText.environment, maximumBodySize: options.maxBody, logger: logger)
      let isWhole = try waitFor { await program.respond(site.router.respond) }
      site.store.close()
      logOutput.flush(within: .seconds(1))
      exit(isWhole ? EXIT_SUCCESS : EXIT_FAILURE)
    } catch {
      CGIProgram.discardContent(declaredBy: environment)
      if !(error is ExitCode) { Exit.say(LogOptions.message(for: error)) }
      print(
        """
        Status: 503 Service Unavailable\r
        Content-Type: text/plain; charset=utf-8\r
        Retry-After: 5\r
        \r
        The log cannot be used.
        """)
      logOutput.flush(within: .seconds(1))
      exit(EX_UNAVAILABLE)
    }
  }
}
