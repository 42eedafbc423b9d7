public import Linux

extension Responder {
  /// The signals that drain a responder: TERM, INT, USR1 and HUP. All signals are blocked, QUIT excepted.
  ///
  /// Making them initializes libfcgi, which installs signal handlers of its own, and only then blocks the signals.
  public struct Signals: Sendable {
    let termination: TerminationSignals

    /// Blocks the signals in this thread, and in those that it starts from now on, so that it belongs before any other
    /// thread is started.
    ///
    /// - Throws: when the system has no more descriptors.
    public init() throws(SystemCallError) {
      RequestReceiver.initializeLibrary()
      termination = try TerminationSignals()
    }
  }
}
