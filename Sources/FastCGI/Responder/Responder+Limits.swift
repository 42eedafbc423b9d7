public import Linux

extension Responder {
  /// How many descriptors are reserved for the store and everything else except connections.
  private static let reservedDescriptors = 64
  /// How many threads must be possible: the workers, and those of the store, of the log and of Swift.
  private static let threads = 128

  /// Refuses process limits under which a responder would fail under load. Call this before anything opens a file.
  ///
  /// - Throws: `ProcessLimits.Failure` if this process may not have enough descriptors for a store and a connection, or
  ///   has too little address space for the threads.
  public static func requireLimits() throws(ProcessLimits.Failure) {
    try ProcessLimits.requireDescriptors(reservedDescriptors + 1)
    try ProcessLimits.requireAddressSpace(threads: threads)
  }

  /// Raises the limit on open descriptors.
  ///
  /// - Returns: the number of connections that can be open at a time.
  static func raiseMaximumConnections() -> Int {
    max(1, ProcessLimits.raiseDescriptors() - reservedDescriptors)
  }
}
