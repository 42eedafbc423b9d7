import EventLogFormats
public import HTTPCore
import HTTPTypes
import Text

extension ContentCoding {
  /// Content that gzip has compressed (RFC 9110 section 8.4.1.3).
  ///
  /// - Parameter maximumSize: the largest size of the decoded content in bytes.
  /// - Returns: the coding, which throws 413 for content that is larger, and 400 for data that is not gzip's or not whole.
  public static func gzip(maximumSize: Int) -> ContentCoding {
    ContentCoding(["gzip", "x-gzip"]) { body throws(ProblemDetails) in
      let content: [UInt8]?
      do { content = try Gzip.decompress(body, maximumSize: maximumSize) } catch {
        throw ProblemDetails(.malformedRequest, detail: "The content cannot be decoded: \(error).")
      }
      guard let content else {
        throw ProblemDetails(
          .contentTooLarge, detail: "The content, when it is decoded, is longer than \(maximumSize) bytes.")
      }
      return content
    }
  }
}
