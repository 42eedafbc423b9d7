import ArgumentParser
import EventLog
import EventLogAPI
import FastCGI
import Foundation
import HTTPCore
import Linux
import Logging

/// The command `eventlog serve`, which runs the FastCGI responder.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Answer FastCGI requests until told to stop.",
    discussion: """
      Every option can also be given as an environment variable: --max-body as EVENTLOG_MAX_BODY, and --examples as \
      EVENTLOG_EXAMPLES=true; the values of an option that may be repeated have spaces between them. The command line \
      takes precedence.

      Without --listen, the command serves on the sockets that it was started with, which systemd passes (LISTEN_FDS), \
      or on descriptor 0 under lighttpd and spawn-fcgi.

      TERM, INT, USR1 and HUP start a drain: /health answers 503, no new connection is accepted, requests that are \
      under way are answered, and when the web server has closed its connections, the program ends with 0. A second \
      signal ends it at once.

      To replace a running program without losing a request, start the new one on the same path with --replace, \
      then send TERM to the old one.

      Exit codes: 0 if a signal stopped it; 64 for a wrong option; 69 if the socket or the log cannot be used.
      """)

  @Option(
    help: ArgumentHelp(
      "Where to listen: unix:PATH, 127.0.0.1:PORT or [::1]:PORT.",
      discussion: "Anyone who can connect is trusted, so only the loopback interface is allowed.",
      valueName: "address"),
    transform: ListenAddress.init(option:))
  var listen: ListenAddress?

  @Option(help: ArgumentHelp("The group that may connect to the unix socket.", valueName: "name"))
  var socketGroup: String?

  @Flag(help: "Take over the path from a process that is listening on it.")
  var replace = false

  @OptionGroup var log: LogOptions

  @Option(
    name: .customLong("operator"),
    help: ArgumentHelp(
      "Show /status and /metrics also to this address, besides this machine; repeat the option for several.",
      valueName: "address"),
    transform: IPAddress.init(option:))
  var operators: [IPAddress] = []

  @Option(
    help: ArgumentHelp(
      "The number of worker threads, 1 to 256. (default: one per processor)", valueName: "number"),
    transform: { try Int(option: $0, in: 1...256) })
  var workers: Int = Responder.Configuration().workers

  @Option(
    help: ArgumentHelp(
      "How long a drain waits for the web server to close its connections, 1 to 3600. (default: 30)",
      valueName: "seconds"),
    transform: { try Int(option: $0, in: 1...3600) })
  var drainTimeout: Int = Responder.Configuration().drainTimeout

  @Option(
    help: ArgumentHelp("The most streams at the same time. (default: 10000)", valueName: "number"),
    transform: { try Int(option: $0, in: 0...1_000_000) })
  var maxStreams: Int = 10_000

  @Option(
    help: ArgumentHelp(
      "The most streams of one client at the same time, unless it is on this machine. (default: 100)",
      valueName: "number"),
    transform: { try Int(option: $0, in: 0...1_000_000) })
  var maxStreamsPerClient: Int = 100

  @Option(
    help: ArgumentHelp(
      "Log requests that take longer than this, such as 1s or 250ms; 0 logs none. (default: 1s)",
      discussion: "The time that a client takes to accept the response does not count.",
      valueName: "duration"),
    transform: Duration.init(option:))
  var slowRequest: Duration = .seconds(1)

  func validate() throws {
    if log.accessOptions.trustRemoteUser != nil, case .loopback? = listen {
      throw ValidationError(
        """
        --trust-remote-user needs --listen unix:PATH or an inherited socket, because every program on this machine could \
        name any user on a port.
        """)
    }
  }

  func run() throws {
    try Exit.unavailable {
      // The signals are blocked before any other thread starts, because every thread inherits the blocked signals.
      let signals = try Responder.Signals()
      try Responder.requireLimits()
      let logOutput = BackgroundLineWriter.log
      defer { logOutput.flush(within: .seconds(1)) }
      let logger = log.makeLogger(writingTo: logOutput)
      let meter = RequestMeter { logOutput.droppedCount }
      let supervisor = SupervisorNotification(environment: ProcessInfo.processInfo.environment)
      let site = try log.openSite(
        migratesAtOnce: false, statistics: meter.statistics, operators: operators,
        streamLimits: StreamLimits(maximum: maxStreams, maximumPerClient: maxStreamsPerClient), logger)
      defer { site.store.close() }
      if let warning = log.store.permissionWarning { logger.warning("\(warning)") }
      let migration =
        site.store.isMigrating ? Migration(of: site.store, supervisor: supervisor, logger: logger) : nil
      var configuration = Responder.Configuration()
      configuration.workers = workers
      configuration.maximumBodySize = log.maxBody
      configuration.drainTimeout = drainTimeout
      configuration.slowRequest = slowRequest == .zero ? nil : slowRequest
      configuration.isReadyAtStart = migration == nil
      let responder = try Responder(
        listeners: try listeningSockets(), configuration: configuration, logger: logger, meter: meter,
        supervisor: supervisor, onDrain: site.drain, handler: site.router.respond)
      try migration?.start(onFailure: responder.drain)
      try responder.run(until: signals)
      try migration?.check()
    }
  }

  private func listeningSockets() throws -> [ListeningSocket] {
    if let listen {
      return [try ListeningSocket(bind: listen, group: socketGroup, replaces: replace)]
    }
    let sockets = ListeningSocket.inherited(ProcessInfo.processInfo.environment)
    guard !sockets.isEmpty else {
      throw ValidationError(
        "There is no socket to serve on. Please give --listen unix:PATH or --listen 127.0.0.1:PORT.")
    }
    return sockets
  }
}

extension ServeCommand: EnvironmentOptions {
  static let environmentOptions: [EnvironmentOption] =
    LogOptions.environmentOptions + [
      .value("listen"), .value("socket-group"), .flag("replace"), .list("operator"), .value("workers"),
      .value("drain-timeout"), .value("slow-request"), .value("max-streams"),
      .value("max-streams-per-client"),
    ]
}
