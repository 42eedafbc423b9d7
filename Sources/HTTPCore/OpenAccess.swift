import HTTPTypes

/// Lets everyone who reaches the program read and record, and operators see how it is doing. Only operators are told
/// apart, by their address.
public struct OpenAccess: Authenticator {
  private let operators: Set<IPAddress>

  /// - Parameter operators: the addresses that operators come from, in addition to those of this machine.
  public init(operators: [IPAddress] = []) {
    self.operators = Set(operators)
  }

  public var tellsVisitorsApart: Bool { false }

  public func visitor(of request: Request, isNew: Bool) async throws(ProblemDetails) -> Visitor {
    let address = request.clientAddress.flatMap(IPAddress.init)
    let isOperator = address.map { $0.isLoopback || operators.contains($0) } ?? false
    return Visitor(roles: isOperator ? [.read, .record, .status] : [.read, .record])
  }

  public func confirm(_ request: Request) throws(ProblemDetails) {}

  public func refusal(of visitor: Visitor, lacking role: Role) -> ProblemDetails {
    ProblemDetails(
      .forbidden,
      detail: role == .status
        ? "Only operators may see this: those on the server's own machine, and at addresses given with --operator."
        : "Nobody may do this here, because the log does not ask who somebody is; see --access.")
  }
}
