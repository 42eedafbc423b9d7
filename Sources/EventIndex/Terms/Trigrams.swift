/// The trigrams of a text: every three adjacent bytes of its UTF-8 after case folding. As a number, the first byte is the
/// highest of 24 bits.
///
/// Each text is indexed with two zero bytes behind its end, which no text contains. So every byte of a text starts a
/// trigram, and a search for one or two bytes is a search for the trigrams that start with them.
enum Trigrams {
  /// The number of different trigrams of an event beyond which none of them is indexed. It limits what one event adds to
  /// the index to about three times its own size; 64 KiB of any language stay below it.
  static let maximumCount = 16_384

  /// Calls a closure with every trigram of a text, in order. One that occurs again is passed again.
  @inline(__always)
  static func forEach(_ folded: UnsafeBufferPointer<UInt8>, _ body: (UInt32) -> Void) {
    guard folded.count > 0 else { return }
    var trigram = UInt32(folded[0]) << 8 | (folded.count > 1 ? UInt32(folded[1]) : 0)
    for index in folded.indices.dropFirst(2) {
      trigram = (trigram << 8 | UInt32(folded[index])) & 0xFF_FFFF
      body(trigram)
    }
    for _ in 0..<min(folded.count, 2) {
      trigram = trigram << 8 & 0xFF_FFFF
      body(trigram)
    }
  }

  /// The values of the terms that every event has whose texts contain a text: its trigrams, or the text itself when it is
  /// shorter, which is then the beginning of some trigram.
  static func required(by folded: [UInt8]) -> [[UInt8]] {
    guard folded.count > 3 else { return [folded] }
    var seen: Set<[UInt8]> = []
    return (0...folded.count - 3).map { Array(folded[$0..<$0 + 3]) }.filter { seen.insert($0).inserted }
  }

  static func bytes(of trigram: UInt32) -> (UInt8, UInt8, UInt8) {
    (
      UInt8(truncatingIfNeeded: trigram >> 16), UInt8(truncatingIfNeeded: trigram >> 8),
      UInt8(truncatingIfNeeded: trigram)
    )
  }
}
