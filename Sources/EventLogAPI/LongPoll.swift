import EventLog
import HTTPCore
import Text

/// The parameter `wait`: a request is answered when something matches, or after so many seconds.
struct LongPoll {
  private static let parameterName: Text = "wait"
  private static let seconds = 1...50

  private let patience: Duration

  /// Takes the parameter out of the others.
  ///
  /// - Parameter parameters: the parameters of a list.
  /// - Returns: nil when the request does not wait.
  /// - Throws: a 422 when the parameter is given twice or its value is not a number of seconds.
  static func take(from parameters: inout [(name: Text, value: Text)]) throws(ProblemDetails) -> LongPoll? {
    let values = parameters.filter { $0.name == parameterName && !$0.value.isEmpty }.map(\.value)
    parameters.removeAll { $0.name == parameterName }
    guard let value = values.first else { return nil }
    if values.count > 1 { throw problem("is given twice") }
    guard let number = Int(parameter: value.string, in: seconds) else {
      throw problem("must be a whole number of seconds from \(seconds.lowerBound) to \(seconds.upperBound)")
    }
    return LongPoll(patience: .seconds(number))
  }

  /// Makes the 422 for a wrong value.
  static func problem(_ detail: String) -> ProblemDetails {
    ProblemDetails(InvalidQuery(errors: [InvalidParameter(name: parameterName, detail: detail)]))
  }

  /// Suspends until an event matches a query, the time is over, or the process is about to end.
  ///
  /// - Throws: `EventStoreError`.
  func untilSomethingMatches(
    _ query: EventQuery, in log: any ReadableLog, _ availability: Availability
  ) async throws(EventStoreError) {
    let deadline = ContinuousClock.now + patience
    var query = query
    (query.limit, query.cursor) = (1, nil)
    (query.sort, query.order) = (.timestamp, .ascending)
    while true {
      let page = try await log.page(query, of: EventJSON.self)
      if !page.events.isEmpty { return }
      // What was recorded before does not match.
      query.after = [query.after, page.state.lastID].compactMap(\.self).max()
      let isOver = try await wait(after: page.state.lastID, in: log, availability, until: deadline)
      if isOver { return }
    }
  }

  /// - Returns: whether the wait is over although nothing was recorded.
  private func wait(
    after id: EventID?, in log: any ReadableLog, _ availability: Availability,
    until deadline: ContinuousClock.Instant
  ) async throws(EventStoreError) -> Bool {
    do {
      return try await withThrowingTaskGroup(of: Bool.self) { group in
        defer { group.cancelAll() }
        group.addTask {
          try await log.untilRecorded(after: id)
          return false
        }
        group.addTask {
          try await Task.sleep(until: deadline, clock: .continuous)
          return true
        }
        group.addTask {
          await availability.untilWithdrawn()
          return true
        }
        return try await group.next() ?? true
      }
    } catch let error as EventStoreError {
      throw error
    } catch {
      throw EventStoreError(.cancelled, cause: "the caller went away")
    }
  }
}
