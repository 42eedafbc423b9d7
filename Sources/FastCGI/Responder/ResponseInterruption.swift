/// Why a response ended before it was sent completely.
enum ResponseInterruption: Error {
  /// The peer has closed the connection, on which the last record may be incomplete.
  case peerGone
  /// The peer has aborted the request; every record that was begun is complete.
  case aborted
}
