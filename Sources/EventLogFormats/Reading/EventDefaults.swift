public import EventLog
import Text

/// What an event has where its text does not say it.
public struct EventDefaults: Equatable, Sendable {
  public var type: EventType?
  public var source: String?

  /// - Parameters:
  ///   - type: the type; nil where a text must say it.
  ///   - source: the source; nil where a text must say it.
  public init(type: EventType? = nil, source: String? = nil) {
    self.type = type
    self.source = source
  }

  /// Fills in what is missing.
  ///
  /// - Parameter fields: the members that a text has.
  public func fill(_ fields: inout EventDraftFields) {
    fields.type = fields.type ?? type.map { Text($0.rawValue) }
    fields.source = fields.source ?? source
  }
}
