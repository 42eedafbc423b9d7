public import Linux

extension Responder {
  /// Descriptors that are left for the store and all else besides connections.
  private static let reservedDescriptors = 64
  /// Threads for which there must be room: those that wait, those that receive, and those of the store and of Swift.
  private static let threads = 128

  /// Refuses limits of this process with which a responder would fail under load. This belongs before everything that
  /// opens a file.
  ///
  /// - Throws: when there would not be enough descriptors for a store and a connection, or too little address space for
  ///   the threads.
  public static func requireLimits() throws(ProcessLimits.Failure) {
    try ProcessLimits.requireDescriptors(reservedDescriptors + 1)
    try ProcessLimits.requireAddressSpace(threads: threads)
  }

  /// Raises the limit of open descriptors.
  ///
  /// - Returns: how many connections there can be at a time.
  static func raiseMaximumConnections() -> Int {
    max(1, ProcessLimits.raiseDescriptors() - reservedDescriptors)
  }
}
