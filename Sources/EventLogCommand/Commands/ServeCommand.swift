import ArgumentParser
import EventLogAPI
import FastCGI
import Foundation
import HTTPCore
import Linux
import Logging

/// `eventlog serve`.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer FastCGI requests until told to stop.",
    discussion: """
      Every option can also be given as an environment variable: --max-body as EVENTLOG_MAX_BODY, --examples as \
      EVENTLOG_EXAMPLES=true. The command line wins.

      Without --listen it serves on a socket that it was started with: passed by systemd (LISTEN_FDS) or on \
      descriptor 0, as lighttpd and spawn-fcgi do.

      TERM, INT, USR1 and HUP drain: /health answers 503, no new connection is accepted, what is under way is \
      answered, and when the web server has let go of its connections the program ends with 0. A second signal \
      ends it at once.

      To replace a running program without losing a request, start the new one on the same path with --replace, \
      then send TERM to the old one.

      Exit codes: 0 stopped by a signal; 64 a wrong option; 69 the socket or the log cannot be used.
      """)

  @Option(
    help: ArgumentHelp(
      "Where to listen: unix:PATH, 127.0.0.1:PORT or [::1]:PORT.",
      discussion: "Whoever can connect is trusted, so only the loopback interface is allowed.",
      valueName: "address"),
    transform: ListenAddress.init(option:))
  var listen: ListenAddress?

  @Option(help: ArgumentHelp("The group that may connect to a unix socket.", valueName: "name"))
  var socketGroup: String?

  @Flag(help: "Take the place of a process that answers at the path.")
  var replace = false

  @OptionGroup var log: LogOptions

  @Option(
    help: ArgumentHelp("Worker threads, 1 to 256. (default: one a processor)", valueName: "number"),
    transform: { try Int(option: $0, in: 1...256) })
  var workers: Int = Responder.Configuration().workers

  @Option(
    help: ArgumentHelp(
      "How long a drain waits for the web server to let go, 1 to 3600. (default: 30)", valueName: "seconds"),
    transform: { try Int(option: $0, in: 1...3600) })
  var drainTimeout: Int = Responder.Configuration().drainTimeout

  @Option(
    help: ArgumentHelp(
      "Log a request that takes longer, such as 1s or 250ms; 0 logs none. (default: 1s)",
      discussion: "The time that a client takes to accept the answer does not count.",
      valueName: "duration"),
    transform: Duration.init(option:))
  var slowRequest: Duration = .seconds(1)

  func run() throws {
    try Exit.unavailable {
      // Before any other thread is started, so that all of them have the signals blocked.
      let signals = try Responder.Signals()
      try Responder.requireLimits()
      let logger = log.makeLogger()
      let meter = RequestMeter()
      let site = try log.openSite(statistics: meter.statistics, logger)
      var configuration = Responder.Configuration()
      configuration.workers = workers
      configuration.maximumBodySize = log.maxBody
      configuration.drainTimeout = drainTimeout
      configuration.slowRequest = slowRequest == .zero ? nil : slowRequest
      let responder = try Responder(
        listener: try listeningSocket(), configuration: configuration, logger: logger, meter: meter,
        supervisor: SupervisorNotification(environment: ProcessInfo.processInfo.environment),
        onDrain: site.availability.withdraw, handler: site.router.respond)
      try responder.run(until: signals)
    }
  }

  private func listeningSocket() throws -> ListeningSocket {
    if let listen {
      return try ListeningSocket(bind: listen, group: socketGroup, replaces: replace)
    }
    guard let socket = ListeningSocket(inherited: ProcessInfo.processInfo.environment) else {
      throw ValidationError(
        "There is no socket to serve on: give --listen unix:PATH or --listen 127.0.0.1:PORT.")
    }
    return socket
  }
}

extension ServeCommand: EnvironmentOptions {
  static let environmentOptions: [EnvironmentOption] =
    LogOptions.environmentOptions + [
      .value("listen"), .value("socket-group"), .flag("replace"), .value("workers"), .value("drain-timeout"),
      .value("slow-request"),
    ]
}
