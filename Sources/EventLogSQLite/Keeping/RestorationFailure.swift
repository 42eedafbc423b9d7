public import EventLog

/// The reason why a backup was not restored.
public enum RestorationFailure: Error {
  /// The backup cannot be read, or is not an event log.
  case backup(EventStoreError)
  /// The backup is damaged, in the ways that the sentences tell.
  case damaged([String])
  /// The log cannot be replaced.
  case log(EventStoreError)
}
