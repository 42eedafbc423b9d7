import Glibc
public import Testing
public import Text

/// Texts of the kind that takes longest to compare as strings.
public enum WorstText {
  /// Combining marks in turn, out of their canonical order, so that Swift has to sort them.
  ///
  /// - Parameter size: the size in bytes.
  /// - Returns: the marks.
  public static func marks(_ size: Int) -> Text {
    Text(String(repeating: "\u{301}\u{323}", count: size / 4))
  }
}

/// Expects that what is done with a text of combining marks, or of other repeated characters, takes time that grows no
/// faster than the text, up to a megabyte.
///
/// - Parameters:
///   - place: the place in a request that holds the text, for the message.
///   - part: what is repeated.
///   - location: the caller's place in the source.
///   - work: does something with a text on the calling thread; what it throws is ignored.
public func expectLinearTime(
  _ place: String, of part: String = WorstText.marks(4).string,
  sourceLocation location: SourceLocation = #_sourceLocation, _ work: (Text) throws -> Void
) {
  func text(_ size: Int) -> Text { Text(String(repeating: part, count: size / part.utf8.count)) }
  var cost = processorTime(work, text(1 << 14))
  for size in [1 << 17, 1 << 20] {
    let larger = processorTime(work, text(size))
    defer { cost = larger }
    // Quadratic work takes 64 times as long. What takes less time than this is too short to be compared.
    if larger < 30_000_000 || larger < 20 * cost { continue }
    #expect(
      processorTime(work, text(size)) < 20 * cost, "\(place): \(size) bytes take \(larger) ns",
      sourceLocation: location)
    return
  }
}

/// Returns the processor time of the calling thread that some work takes, in nanoseconds.
private func processorTime(_ work: (Text) throws -> Void, _ text: Text) -> Int {
  func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
  let start = now()
  try? work(text)
  return now() - start
}
