/// The reason why a store could not make a histogram.
public enum HistogramError: Error, Sendable {
  /// The requested length would result in too many intervals for the events that match.
  case invalid(InvalidQuery)
  case store(EventStoreError)
}
