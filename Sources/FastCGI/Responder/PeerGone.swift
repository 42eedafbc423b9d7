/// The peer closed the connection, or it broke.
struct PeerGone: Error {}
