public import Linux

extension Responder {
  /// The signals that drain a responder: TERM, INT, USR1 and HUP. All signals except QUIT and ABRT are blocked.
  ///
  /// The initializer first initializes libfcgi, which installs signal handlers of its own, and only then blocks the
  /// signals.
  public struct Signals: Sendable {
    let termination: TerminationSignals

    /// Blocks the signals in this thread and in all threads that it starts afterwards. Call this before any other
    /// thread is started.
    ///
    /// - Throws: `SystemCallError` if the system has no more descriptors.
    public init() throws(SystemCallError) {
      LibfcgiReader.initializeLibrary()
      termination = try TerminationSignals()
    }
  }
}
