import Glibc
import Linux
import SystemPackage

/// Discards the content of requests that are refused without it.
///
/// A web server may give up a program that ends before it has read the content: Apache then sends no response at all to
/// a client that waits for `100 Continue`.
extension CGIProgram {
  /// How much content is discarded, in bytes.
  private static let discardLimit = 16 << 20
  /// How long the discarding waits for each piece of the content, in milliseconds.
  private static let patience: Int32 = 10_000

  /// Discards the content of a request that this program cannot answer.
  ///
  /// - Parameter environment: the process's environment.
  public static func discardContent(declaredBy environment: [String: String]) {
    var variables = MetaVariables()
    variables.append("CONTENT_LENGTH=\(environment["CONTENT_LENGTH"] ?? "")".utf8)
    discardStandardInput(size: variables.contentLength)
  }

  /// Discards standard input up to a limit.
  ///
  /// - Parameter size: the declared length of the content; nil if it is not valid, and the content ends with the input.
  static func discardStandardInput(size: Int?) {
    var rest = min(size ?? discardLimit, discardLimit)
    var part = [UInt8](repeating: 0, count: 65_536)
    while rest > 0 {
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard poll(&input, 1, patience) == 1, let count = try? FileDescriptor.standardInput.read(into: &part),
        count > 0
      else { return }
      rest -= count
    }
  }
}
