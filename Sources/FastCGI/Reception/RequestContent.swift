import HTTPCore
import HTTPTypes

/// What came as the content of a request.
enum RequestContent {
  /// Of the declared length.
  case whole([UInt8])
  /// Cut short by the peer, or not of the declared length.
  case broken
  /// Longer than allowed.
  case tooLarge

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
