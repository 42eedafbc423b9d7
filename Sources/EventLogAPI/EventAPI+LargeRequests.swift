import EventLog
import HTTPCore

extension EventAPI {
  /// The size of content from which on reading it takes so long that it leaves the workers, in bytes.
  private static let largeSize = 65_536

  /// Reads and records what a request has: large content off the workers, which are reserved for short work, and only a few
  /// requests at a time, since their events take several times the memory of their content.
  ///
  /// - Parameters:
  ///   - request: the request.
  ///   - body: reads the content, and records what is in it.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws; 503 when the request is cancelled while it waits.
  func handling(
    _ request: Request, _ body: @Sendable () async throws(ProblemDetails) -> Response
  ) async throws(ProblemDetails) -> Response {
    guard request.body.count > Self.largeSize else { return try await body() }
    do {
      return try await largeRequests.withPermit(for: request.client) {
        try await withTaskExecutorPreference(globalConcurrentExecutor) { try await body() }
      }
    } catch let problem as ProblemDetails {
      throw problem
    } catch {
      throw ProblemDetails(EventStoreError(.cancelled, cause: "\(error)"))
    }
  }
}
