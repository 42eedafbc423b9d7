public import HTTPTypes

/// A kind of problem that a program can act on (RFC 9457 section 4).
///
/// Where the status says everything, a problem has no type of its own.
public struct ProblemType: Hashable, Sendable {
  /// The last part of the type's URI, such as `invalid-event`.
  public let name: String
  public let status: HTTPResponse.Status
  /// A short summary, which is the same for every occurrence (RFC 9457 section 3.1.4).
  public let title: String
  /// What the problem means, in full sentences for the reference.
  public let meaning: String
  /// What a client should do, in full sentences for the reference.
  public let remedy: String

  public init(
    _ name: String, _ status: HTTPResponse.Status, title: String, meaning: String, remedy: String
  ) {
    self.name = name
    self.status = status
    self.title = title
    self.meaning = meaning
    self.remedy = remedy
  }

  /// The HTML id of the type's description in the reference.
  public var anchor: String { "problem-\(name)" }

  /// Returns the type's URI, which leads to its description.
  ///
  /// - Parameter mount: the path under which the program is mounted, as in `RequestTarget`.
  /// - Returns: a relative reference (RFC 3986 section 4.2).
  public func uri(mount: String) -> String { "\(mount)/docs#\(anchor)" }
}

extension ProblemType {
  public static let malformedRequest = ProblemType(
    "malformed-request", .badRequest, title: "The request cannot be decoded",
    meaning: """
      The content is not the JSON or the form that Content-Type announces, or the query has a broken \
      percent-encoding. Text that is not UTF-8 is refused in the same way.
      """,
    remedy: "Correct the encoding; the same request will be refused again.")

  public static let crossSite = ProblemType(
    "cross-site", .forbidden, title: "Another site's page sent the request",
    meaning: """
      The browser said, in Sec-Fetch-Site or Origin, that another site's page made it send the request.
      """,
    remedy: """
      Send the request from the log's own page, or from a program, which sends neither of these fields.
      """)
}
