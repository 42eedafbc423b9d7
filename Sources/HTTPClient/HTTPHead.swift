/// What precedes the content of a response.
public struct HTTPHead: Equatable, Sendable {
  /// The status code.
  public let status: Int
  /// The media type in small letters, without parameters; empty when the response does not say it.
  public let mediaType: String
  /// The time after which the server asks for another request; nil when it does not say.
  public let retryAfter: Duration?
  /// The values of all fields `Link`.
  public let links: [String]
}
