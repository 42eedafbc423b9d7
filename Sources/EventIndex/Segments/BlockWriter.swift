/// Writes the entries of a segment into blocks; `SegmentImage` draws the format.
struct BlockWriter {
  private let capacity: Int
  private var blocks: [[UInt8]] = []
  private var directory: [UInt8] = []
  private var body: [UInt8] = []
  /// Whether an entry starts in the block.
  private var hasEntry = false
  private var lastTerm: [UInt8] = []
  /// The bytes of an entry's positions, and what `PositionCode` needs behind them.
  private var code = [UInt8](repeating: 0, count: PositionCode.maximumSize + PositionCode.padding)
  private var head: [UInt8] = []

  /// - Parameter capacity: the number of events in the segment.
  init(capacity: Int) {
    self.capacity = capacity
    start(continuing: 0)
  }

  /// Writes an entry.
  ///
  /// - Parameters:
  ///   - term: the term, which comes after all before it.
  ///   - positions: the positions of its events in ascending order; at least one.
  mutating func append(_ term: UnsafeBufferPointer<UInt8>, _ positions: UnsafeBufferPointer<UInt16>) {
    let size = encode(positions)
    writeHead(term, count: positions.count, size)
    if body.count + head.count > SegmentImage.blockSize {
      finishBlock()
      start(continuing: 0)
      writeHead(term, count: positions.count, size)
    }
    if !hasEntry {
      directory.appendVariableLength(UInt64(term.count))
      directory.append(contentsOf: term)
      hasEntry = true
    }
    body += head
    lastTerm.removeAll(keepingCapacity: true)
    lastTerm.append(contentsOf: term)
    let room = SegmentImage.blockSize - body.count
    body += code[..<min(size, room)]
    if size > room {
      finishBlock()
      start(continuing: size - room)
      body += code[room..<size]
    }
  }

  /// Writes positions into `code`.
  ///
  /// - Returns: their size in bytes.
  private mutating func encode(_ positions: UnsafeBufferPointer<UInt16>) -> Int {
    guard positions.count == 1 else {
      return code.withUnsafeMutableBytes { PositionCode.write(positions, of: capacity, to: $0) }
    }
    code[0] = UInt8(truncatingIfNeeded: positions[0])
    code[1] = UInt8(truncatingIfNeeded: positions[0] >> 8)
    return 2
  }

  /// Writes all of an entry but its positions into `head`.
  private mutating func writeHead(_ term: UnsafeBufferPointer<UInt8>, count: Int, _ size: Int) {
    var shared = 0
    while shared < min(lastTerm.count, term.count), lastTerm[shared] == term[shared] { shared += 1 }
    head.removeAll(keepingCapacity: true)
    head.appendVariableLength(UInt64(shared))
    head.appendVariableLength(UInt64(term.count - shared))
    head.append(contentsOf: term[shared...])
    head.appendVariableLength(UInt64(count))
    if count > 1 { head.appendVariableLength(UInt64(size)) }
  }

  private mutating func start(continuing count: Int) {
    body.removeAll(keepingCapacity: true)
    body.append(UInt8(truncatingIfNeeded: count))
    body.append(UInt8(truncatingIfNeeded: count >> 8))
    lastTerm.removeAll(keepingCapacity: true)
    hasEntry = false
  }

  private mutating func finishBlock() { blocks.append(body) }

  /// Ends the segment.
  ///
  /// - Parameters:
  ///   - ids: the ids of its events.
  ///   - timestamps: their timestamps in milliseconds since 1970.
  ///   - occurrences: when they happened, in milliseconds since 1970.
  /// - Returns: the segment.
  mutating func finish(ids: [Int64], timestamps: [Int64], occurrences: [Int64]) -> SegmentImage {
    if body.count > 2 { finishBlock() }
    let columns = Columns(ids: IDColumn(ids), timestamps: timestamps, occurrences: occurrences)
    let span = columns.timestamps.span ?? 0...0
    let outline = SegmentOutline(
      firstID: ids.first ?? 0, lastID: ids.last ?? 0, count: ids.count,
      earliest: span.lowerBound, latest: span.upperBound,
      occurrences: occurrences == timestamps ? nil : columns.occurrences.span, blocks: blocks.count)
    return SegmentImage(
      outline: outline,
      directory: Checksum.sealing(directory, seed: outline.seed(.directory)),
      encodedColumns: Checksum.sealing(columns.encoded(outline), seed: outline.seed(.columns)),
      blocks: blocks.enumerated().map { Checksum.sealing($1, seed: outline.seed(.block($0))) })
  }
}
