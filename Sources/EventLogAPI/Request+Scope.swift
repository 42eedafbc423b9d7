public import EventLog
public import EventLogFormats
public import HTTPCore
import HTTPTypes
import Text

/// The source that a visitor is confined to: what is read and recorded for such a visitor has it.
extension Request {
  /// What an event has where the request does not say it.
  public var defaults: EventDefaults { EventDefaults(source: visitor.scope?.string) }

  /// Returns what the visitor may read of a log: all of it, or one source. Every handler that reads goes through here.
  ///
  /// - Parameter log: the log.
  /// - Returns: what may be read.
  /// - Throws: 403 for a visitor who may not read, whatever the route is for.
  public func readable(_ log: any EventStore) throws(ProblemDetails) -> any ReadableLog {
    guard visitor.may(.read) else { throw ProblemDetails(.forbidden, detail: "You may not read events.") }
    return visitor.scope.map { SourceLog(of: $0, in: log) } ?? log
  }

  /// Returns a condition that only events meet which the visitor may read.
  func readable(_ filter: EventCondition) -> EventCondition {
    visitor.scope.map { SourceLog.narrowing(filter, to: $0) } ?? filter
  }

  /// Refuses events that the visitor may not record.
  ///
  /// - Throws: 403 when one of them has another source than the visitor's.
  func requireScope(of drafts: [EventDraft]) throws(ProblemDetails) {
    guard let scope = visitor.scope, drafts.contains(where: { Text($0.source) != scope }) else { return }
    throw ProblemDetails(
      .forbidden,
      detail: "This key records only events of the source \"\(scope.string)\"; nothing was recorded.")
  }
}
