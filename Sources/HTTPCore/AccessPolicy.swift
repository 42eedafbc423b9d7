import HTTPTypes

/// By which addresses the program may be used, and from where. A value without arguments refuses only what another
/// site's page sends, and what only operators may see.
public struct AccessPolicy: Sendable {
  /// The hosts that requests may name; nil if they may name any. `localhost` and addresses are always among them.
  private let hosts: Set<Authority.Host>?
  /// The origin of the address that people use; nil if it is the one that a request names in `Host`.
  private let publicOrigin: Origin?
  /// The addresses that operators come from, in addition to those of this machine.
  private let operators: Set<IPAddress>

  /// Creates a policy.
  ///
  /// - Parameters:
  ///   - hosts: the names that requests may give in `Host`; empty if they may give any.
  ///   - publicOrigin: the origin of the address that people use; nil if it is the one that each request names in
  ///     `Host`.
  ///   - operators: the addresses from which routes for the role `status` may be used, in addition to the loopback
  ///     addresses.
  public init(hosts: [Authority.Host] = [], publicOrigin: Origin? = nil, operators: [IPAddress] = []) {
    self.hosts = hosts.isEmpty ? nil : Set(hosts)
    self.publicOrigin = publicOrigin
    self.operators = Set(operators)
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

  /// Refuses a request that another site's page sends; see `Request.refuseCrossSite`.
  func refuseCrossSite(_ request: Request) throws(ProblemDetails) {
    try request.refuseCrossSite(from: publicOrigin)
  }

  /// Refuses a route to everyone who does not have its role. Only operators are told apart, by their address.
  ///
  /// - Throws: 403 when the route is for the role `status`, and the client's address is neither a loopback address nor
  ///   one of the policy's operators.
  func require(_ role: Role, of request: Request) throws(ProblemDetails) {
    guard role == .status else { return }
    let address = request.clientAddress.flatMap(IPAddress.init)
    guard let address, address.isLoopback || operators.contains(address) else {
      throw ProblemDetails(
        .forbidden,
        detail:
          "Only operators may see this: those on the server's own machine, and at addresses given with --operator."
      )
    }
  }
}
