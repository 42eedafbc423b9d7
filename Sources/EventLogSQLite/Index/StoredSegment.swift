import EventIndex
import GRDB

/// A segment in the tables `segment` and `segment_block`.
struct StoredSegment: Hashable, Sendable {
  /// The key in `segment`.
  let id: Int64
  let outline: SegmentOutline

  /// The key of a block in `segment_block`. The blocks of a segment are next to each other.
  static func blockID(_ number: Int, of id: Int64) -> Int64 { id << 16 | Int64(number) }

  /// The ids of its events, and those in between that no event has.
  var ids: IDRange { IDRange(lower: outline.firstID, upper: outline.lastID) }
}

/// Reads the parts of a segment in a transaction.
struct StoredSegmentReader: SegmentStorage {
  let id: Int64
  let database: Database

  func append(block number: Int, to bytes: inout [UInt8]) throws {
    try database.cachedStatement(sql: "SELECT block FROM segment_block WHERE id = ?")
      .forEachRow([StoredSegment.blockID(number, of: id)]) { row in
        bytes.append(contentsOf: row.blob(0))
        return false
      }
  }

  func columns() throws -> [UInt8] { try part("columns") }

  func directory() throws -> [UInt8] { try part("directory") }

  private func part(_ name: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try database.cachedStatement(sql: "SELECT \(name) FROM segment WHERE id = ?").forEachRow([id]) { row in
      bytes.append(contentsOf: row.blob(0))
      return false
    }
    return bytes
  }
}
