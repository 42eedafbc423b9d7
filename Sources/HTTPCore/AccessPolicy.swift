import HTTPTypes

/// By which addresses the program may be used, and from which other sites. A value without arguments refuses only what
/// another site's page sends.
public struct AccessPolicy: Sendable {
  /// The hosts that requests may name; nil if they may name any. `localhost` and addresses are always among them.
  private let hosts: Set<Authority.Host>?
  /// The origin of the address that people use; nil if it is the one that a request names in `Host`.
  private let publicOrigin: Origin?
  /// The other origins whose scripts may use the program.
  let sharing: CrossOriginSharing
  /// How every secret begins that may not be in an address; nil if there are none.
  private let secretPrefix: String?

  /// Creates a policy.
  ///
  /// - Parameters:
  ///   - hosts: the names that requests may give in `Host`; empty if they may give any.
  ///   - publicOrigin: the origin of the address that people use; nil if it is the one that each request names in
  ///     `Host`.
  ///   - allowedOrigins: the other origins whose scripts may use the program.
  ///   - secretPrefix: how every secret begins that may not be in an address; nil if there are none.
  public init(
    hosts: [Authority.Host] = [], publicOrigin: Origin? = nil, allowedOrigins: [Origin] = [],
    secretPrefix: String? = nil
  ) {
    self.hosts = hosts.isEmpty ? nil : Set(hosts)
    self.publicOrigin = publicOrigin
    self.secretPrefix = secretPrefix
    sharing = CrossOriginSharing(origins: allowedOrigins)
  }

  /// Refuses a request for another host. A page of another site could otherwise read the log through a name that its
  /// owner makes lead to this machine (DNS rebinding); the browser takes both for one site.
  ///
  /// A request without `Host` passes, because every browser sends one.
  ///
  /// - Throws: 421 when `Host` is neither `localhost`, an address, nor one of the policy's hosts.
  func refuseMisdirected(_ request: Request) throws(ProblemDetails) {
    guard let hosts else { return }
    let isOwn = request.fields[values: .host].allSatisfy { value in
      Authority(value).map { $0.host.isLiteral || hosts.contains($0.host) } ?? false
    }
    guard isOwn else {
      throw ProblemDetails(
        .misdirectedRequest,
        detail:
          "This server does not answer for the host that the request names; its operator can add it with --host."
      )
    }
  }

  /// Returns whether a request has a secret in its address.
  func revealsSecret(_ request: Request) -> Bool {
    secretPrefix.map(request.target.hasSecret) ?? false
  }

  /// The problem of a request that has a secret in its address, whether it is right or wrong: addresses are written down in
  /// too many places.
  static let revealedSecret = ProblemDetails(
    .badRequest,
    detail: """
      There is a key in the address, where logs and histories keep it. Send it in the field Authorization, and replace it, \
      since others may have seen it.
      """)

  /// Refuses a request that another site's page sends; see `Request.refuseCrossSite`. A script of an allowed origin may send
  /// it if nothing is with it that the browser adds by itself.
  ///
  /// - Parameters:
  ///   - request: the request.
  ///   - needsKey: whether the script must also show who sends it.
  /// - Throws: 403 when another site caused the request.
  func refuseCrossSite(_ request: Request, needsKey: Bool) throws(ProblemDetails) {
    let isShared =
      sharing.allows(request) && !request.fields.contains(.cookie) && (!needsKey || request.hasBearerToken)
    if !isShared { try request.refuseCrossSite(from: publicOrigin) }
  }
}
