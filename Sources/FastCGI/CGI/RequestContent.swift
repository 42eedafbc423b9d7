import HTTPCore
import HTTPTypes

/// The content of a request, as it arrived.
enum RequestContent {
  /// The content has the declared length.
  case whole([UInt8])
  /// The peer cut the content short, or its length differs from the declared one.
  case broken
  /// The content is longer than this program accepts.
  case tooLarge
  /// The request did not arrive in the time that it had.
  case late

  /// Unwraps the content if it is whole.
  ///
  /// - Parameter maximumSize: the longest content that is accepted, in bytes; the problem's detail names it.
  /// - Returns: the content's bytes.
  /// - Throws: 400 if the content is broken, 413 if it is too large, 408 if it is late.
  func body(maximumSize: Int) throws(ProblemDetails) -> [UInt8] {
    switch self {
    case .whole(let body):
      return body
    case .broken:
      throw ProblemDetails(
        .badRequest, detail: "The content was cut short, or its length differs from the declared one.")
    case .tooLarge:
      throw ProblemDetails(.contentTooLarge, detail: "The content is longer than \(maximumSize) bytes.")
    case .late:
      throw ProblemDetails(.requestTimeout, detail: "The request took too long to arrive.")
    }
  }
}
