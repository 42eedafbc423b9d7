import CEpoll

extension Responder {
  /// Raises the limit of open descriptors as far as this process may.
  ///
  /// It belongs before everything that opens one: where there is none left, Swift's runtime ends the process without
  /// a word.
  ///
  /// - Throws: when there would not be enough for a store and a connection.
  public static func requireDescriptors() throws(TooFewDescriptors) {
    let limit = Int(cepoll_raise_descriptor_limit())
    guard limit > reservedDescriptors else { throw TooFewDescriptors(limit: limit) }
  }

  /// The process may have too few files open.
  public struct TooFewDescriptors: Error, CustomStringConvertible {
    let limit: Int

    public var description: String {
      "this process may have only \(limit) files open, and it needs \(reservedDescriptors + 1); see ulimit -n"
    }
  }
}
