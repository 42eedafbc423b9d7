/// The peer closed the connection, or the connection broke.
struct PeerGone: Error {}
