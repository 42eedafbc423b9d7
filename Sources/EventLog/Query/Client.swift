/// Who asks a question. A store that answers only a few questions at the same time shares itself among its clients.
public struct Client: Hashable, Sendable {
  private let network: [UInt8]

  /// - Parameter network: the bytes of the network address, or of the part of it that belongs to one client.
  public init(network: [UInt8]) {
    self.network = network
  }
}
