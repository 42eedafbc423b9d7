import HTTPTypes

extension Response {
  /// How often the right to a response that takes long is looked at again.
  private static let checkInterval = Duration.seconds(30)

  /// Cuts a streamed body when its visitor may no longer have it: a key that is revoked ends what was begun with it.
  ///
  /// - Parameters:
  ///   - request: the request, with its visitor.
  ///   - role: the permission that the route needs.
  ///   - authenticator: tells who sends requests.
  mutating func lastAsLong(as request: Request, for role: Role, _ authenticator: any Authenticator) {
    guard case .stream(let stream) = body else { return }
    var request = request
    request.body = []
    body = .stream { [request] body in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await stream(body) }
        group.addTask {
          repeat {
            try await Task.sleep(for: Self.checkInterval)
          } while await authenticator.admits(request, for: role)
          body.abandon()
          throw CancellationError()
        }
        defer { group.cancelAll() }
        try await group.next()
      }
    }
  }
}

extension Authenticator {
  /// Returns whether the sender of a request still is who they were, and has a role. Where nobody can say, they have.
  fileprivate func admits(_ request: Request, for role: Role) async -> Bool {
    do throws(ProblemDetails) {
      return try await visitor(of: request, for: role, isNew: false) == request.visitor
    } catch {
      return error.status.kind == .serverError
    }
  }
}
