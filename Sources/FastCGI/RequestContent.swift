import HTTPCore
import HTTPTypes

/// What came as the content of a request.
enum RequestContent {
  /// Of the declared length.
  case whole([UInt8])
  /// Cut short by the peer, or not of the declared length. Where it was not read to its end, the connection
  /// cannot be used again: what is still to come of it would be taken for the next request.
  case broken(isDrained: Bool)
  /// Longer than allowed. The rest was read and dropped, unless there was too much of it, in which case the
  /// connection cannot be used again.
  case tooLarge(isDrained: Bool)

  /// Whether the next bytes on the connection are those of the next request.
  var isDrained: Bool {
    switch self {
    case .whole: true
    case .broken(let isDrained), .tooLarge(let isDrained): isDrained
    }
  }

  /// Unwraps the content when it is whole.
  ///
  /// - Parameter maximumSize: in bytes, for the message.
  /// - Returns: the bytes.
  /// - Throws: 400 when it is broken, 413 when it is too large.
  func body(maximumSize: Int) throws(ProblemDetails) -> [UInt8] {
    switch self {
    case .whole(let body):
      return body
    case .broken:
      throw ProblemDetails(
        .badRequest, detail: "The content was cut short or does not have the declared length.")
    case .tooLarge:
      throw ProblemDetails(.contentTooLarge, detail: "The content is longer than \(maximumSize) bytes.")
    }
  }
}
