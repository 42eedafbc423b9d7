/// The reason why a response did not come, or not all of it.
public enum HTTPFailure: Error, Equatable, Sendable {
  /// libcurl cannot be used; the text says why.
  case unavailable(String)
  /// The server cannot be asked like this, now or later; the text says why.
  case refused(String)
  /// The server cannot be reached, or the connection was cut; the text says why.
  case cut(String)
  /// Nothing came for too long.
  case silent(Duration)
  /// Nobody reads the output any longer for which the response is meant.
  case outputClosed
}

extension HTTPFailure: CustomStringConvertible {
  /// The reason as a sentence without its end.
  public var description: String {
    switch self {
    case .unavailable(let reason), .refused(let reason), .cut(let reason): reason
    case .silent(let time): "nothing came for \(time.components.seconds) seconds"
    case .outputClosed: "nobody reads the output any longer"
    }
  }
}
