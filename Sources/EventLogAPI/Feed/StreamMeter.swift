import Synchronization

/// Counts what happens to streams.
public final class StreamMeter: Sendable {
  private let openedStreams = Atomic(0)
  private let refusedStreams = Atomic(0)
  private let abandonedStreams = Atomic(0)
  private let sentEvents = Atomic(0)

  init() {}

  /// What happened to streams since the process started.
  struct Statistics {
    let opened: Int
    /// The number of requests for which there was no place.
    let refused: Int
    /// The number of streams that were ended since their clients took nothing for too long.
    let abandoned: Int
    /// The number of events that were sent as they were recorded, once for each stream.
    let events: Int
  }

  var statistics: Statistics {
    Statistics(
      opened: openedStreams.load(ordering: .relaxed), refused: refusedStreams.load(ordering: .relaxed),
      abandoned: abandonedStreams.load(ordering: .relaxed), events: sentEvents.load(ordering: .relaxed))
  }

  func streamOpened() { openedStreams.add(1, ordering: .relaxed) }

  func streamRefused() { refusedStreams.add(1, ordering: .relaxed) }

  func streamAbandoned() { abandonedStreams.add(1, ordering: .relaxed) }

  func sent(events: Int) { sentEvents.add(events, ordering: .relaxed) }
}
