/// What has become of bytes that were offered to a peer.
public enum Offer: Sendable {
  /// The peer accepted all of them.
  case accepted
  /// The peer accepted some of them, or none. The next write, which may be one of no bytes, sends the rest before its own.
  case begun
  /// Nothing was done; only a write sends them.
  case refused
}
