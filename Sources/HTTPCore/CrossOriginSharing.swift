import HTTPTypes

/// Which other origins' scripts may use the log (WHATWG Fetch, the CORS protocol). They never get credentials: a script from
/// elsewhere comes with a key, or as somebody unknown.
public struct CrossOriginSharing: Sendable {
  private let origins: Set<Origin>

  /// - Parameter origins: the origins that are allowed; with none, no field is ever sent.
  public init(origins: [Origin] = []) {
    self.origins = Set(origins)
  }

  private static let requestFields = "Authorization, Content-Type, Last-Event-ID, Idempotency-Key"
  private static let responseFields = "Link, Location, ETag, Retry-After, X-Request-Id"
  /// How long a browser may remember the answer to a preflight, in seconds.
  private static let maximumAge = "600"

  /// Returns whether a request comes from a script of an allowed origin.
  func allows(_ request: Request) -> Bool { allowedOrigin(of: request) != nil }

  private func allowedOrigin(of request: Request) -> String? {
    guard !origins.isEmpty, request.fields[values: .origin].count == 1, let value = request.fields[.origin],
      let origin = Origin(value), origins.contains(origin)
    else { return nil }
    return value
  }

  /// Answers a browser that asks what a script may send, before it sends it.
  ///
  /// - Parameters:
  ///   - request: a request.
  ///   - methods: the methods of the resource, as in `Allow`.
  /// - Returns: nil when the request is something else, or comes from an origin that is not allowed.
  func preflight(_ request: Request, methods: String) -> Response? {
    guard request.method == .options, request.fields.contains(.accessControlRequestMethod), allows(request)
    else { return nil }
    return Response(
      .noContent,
      fields: [
        .accessControlAllowMethods: methods, .accessControlAllowHeaders: Self.requestFields,
        .accessControlMaxAge: Self.maximumAge,
      ])
  }

  /// Adds to a response, whatever it is, who may see it.
  func share(_ response: inout Response, with request: Request) {
    if origins.isEmpty { return }
    response.vary(by: "Origin")
    guard let origin = allowedOrigin(of: request) else { return }
    response.fields[.accessControlAllowOrigin] = origin
    response.fields[.accessControlExposeHeaders] = Self.responseFields
  }
}
