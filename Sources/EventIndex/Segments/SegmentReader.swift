public import Text

/// Reads the posting lists and columns of a segment.
public final class SegmentReader {
  /// Where the checksum of a block ends.
  static let bodyOffset = Checksum.size

  public let outline: SegmentOutline
  private let segment: Segment
  private let storage: any SegmentStorage
  /// The block that was read last; lookups of similar terms lead to the same one.
  private var last: (number: Int, block: [UInt8])?
  private var knownColumns: Columns?

  public init(_ segment: Segment, _ storage: any SegmentStorage) {
    self.segment = segment
    self.storage = storage
    outline = segment.outline
  }

  /// The number of events.
  var capacity: Int { outline.count }

  /// Reads the ids and times of the events.
  ///
  /// - Throws: `IndexDamage`, or an error of the storage.
  public func columns() throws -> Columns {
    if let knownColumns { return knownColumns }
    let columns = try Columns(try storage.columns(), of: outline)
    knownColumns = columns
    return columns
  }

  /// Reads the ids of the events, which takes nothing if they are consecutive.
  ///
  /// - Throws: `IndexDamage`, or an error of the storage.
  public func ids() throws -> IDColumn {
    outline.hasConsecutiveIDs
      ? IDColumn(consecutiveFrom: outline.firstID, count: outline.count) : try columns().ids
  }

  /// Reads a block as it was written, and adds padding.
  func block(_ number: Int) throws -> [UInt8] {
    if let last, last.number == number { return last.block }
    var block: [UInt8] = []
    block.reserveCapacity(Checksum.size + SegmentImage.blockSize + PositionCode.padding)
    try storage.append(block: number, to: &block)
    try Checksum.check(block, seed: outline.seed(.block(number)))
    for _ in 0..<PositionCode.padding { block.append(0) }
    last = (number, block)
    return block
  }

  /// Looks a term up.
  ///
  /// - Returns: its posting list; nil when no event has the term.
  /// - Throws: `IndexDamage`, or an error of the storage.
  func postings(of term: Term) throws -> PostingList? {
    try term.bytes.withUnsafeBufferPointer { term in
      let number = segment.directory.block(of: term)
      let block = try block(number)
      guard let entry = try BlockSearch.entry(of: term, in: block) else { return nil }
      let end = block.count - PositionCode.padding
      if entry.positions.upperBound <= end { return PostingList(count: entry.count, block, entry.positions) }
      // The positions go on in the next block.
      let entries = EntryCursor(self, from: number)
      while try entries.next() {
        if entries.compare(with: term) == 0 { return entries.postings }
      }
      throw IndexDamage("an entry of the index is not valid")
    }
  }

  /// Calls a closure with each entry whose term starts with a prefix, in the order of terms.
  ///
  /// - Parameters:
  ///   - prefix: the bytes with which the terms start.
  ///   - start: the first term to look at; nil for the first with the prefix.
  ///   - body: receives the bytes of the term and its posting list, and returns whether it needs more.
  /// - Throws: `IndexDamage`, an error of the storage, or what `body` throws.
  func forEachEntry(
    withPrefix prefix: [UInt8], from start: [UInt8]? = nil, _ body: ([UInt8], PostingList) throws -> Bool
  ) throws {
    let start = start ?? prefix
    let entries = EntryCursor(self, from: start.withUnsafeBufferPointer(segment.directory.block))
    while try entries.next() {
      if start.withUnsafeBufferPointer(entries.compare) < 0 { continue }
      guard entries.term.starts(with: prefix) else { return }
      if try !body(entries.term, entries.postings) { return }
    }
  }

  /// Calls a closure with each value of a field, in the order of values, until it returns false.
  ///
  /// - Parameters:
  ///   - field: the field.
  ///   - start: the first value to look at; nil starts at the first or, in descending order, the last one.
  ///   - isAscending: whether the lowest value comes first.
  ///   - body: receives the bytes of the value and what reads the positions of its events, and returns whether it needs
  ///     more.
  /// - Throws: `IndexDamage`, an error of the storage, or what `body` throws.
  public func forEachValue(
    of field: Term.Field, from start: Text? = nil, ascending isAscending: Bool = true,
    _ body: ([UInt8], () throws -> PositionSet) throws -> Bool
  ) throws {
    let prefix = [field.rawValue]
    func pass(_ term: [UInt8], _ postings: PostingList) throws -> Bool {
      try body(Array(term.dropFirst())) { try postings.set(of: capacity) }
    }
    if isAscending { return try forEachEntry(withPrefix: prefix, from: start.map { prefix + $0.utf8 }, pass) }
    var entries: [([UInt8], PostingList)] = []
    try forEachEntry(withPrefix: prefix) { term, postings in
      if let start, start.utf8.lexicographicallyPrecedes(term.dropFirst()) { return false }
      entries.append((term, postings))
      return true
    }
    for (term, postings) in entries.reversed() {
      if try !pass(term, postings) { return }
    }
  }

  /// Returns a cursor in front of the first entry.
  func entries() -> EntryCursor { EntryCursor(self, from: 0) }
}
