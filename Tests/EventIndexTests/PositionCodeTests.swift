import TestSupport
import Testing

@testable import EventIndex

struct PositionCodeTests {
  private static func encoded(_ positions: [UInt16], of capacity: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: PositionCode.maximumSize + PositionCode.padding)
    let size = positions.withUnsafeBufferPointer { positions in
      bytes.withUnsafeMutableBytes { PositionCode.write(positions, of: capacity, to: $0) }
    }
    return Array(bytes[..<size])
  }

  private static func decoded(_ code: [UInt8], count: Int, of capacity: Int) throws(IndexDamage) -> [UInt16] {
    var positions: [UInt16] = []
    let bytes = code + [UInt8](repeating: 0, count: PositionCode.padding)
    try PostingList(count: count, bytes, 0..<code.count).forEach(of: capacity) {
      positions.append(UInt16($0))
    }
    return positions
  }

  @Test func aTermOfAllEventsTakesNoBytes() throws {
    #expect(Self.encoded((0..<100).map(UInt16.init), of: 100) == [])
    #expect(try Self.decoded([], count: 100, of: 100) == (0..<100).map(UInt16.init))
  }

  @Test func theExampleInTheCommentIsTrue() {
    // 1 11, 1 00, 01 00 from the lowest bit on.
    #expect(PositionCode.width(count: 3, of: 24) == 2)
    #expect(Self.encoded([3, 4, 9], of: 24) == [0b1000_1111, 0b0000_0000])
  }

  @Test(arguments: [2, 3, 17, 100, 2048, 16_384])
  func comesBackAsItWasWhateverTheShare(_ capacity: Int) throws {
    var generator = SeededGenerator(seed: UInt64(capacity))
    for share in [0.0001, 0.01, 0.1, 0.3, 0.5, 0.9, 0.999] {
      let positions = (0..<capacity).filter { _ in Double.random(in: 0..<1, using: &generator) < share }.map(
        UInt16.init)
      if positions.count < 2 { continue }
      let code = Self.encoded(positions, of: capacity)
      #expect(code.count <= PositionCode.maximumSize)
      #expect(try Self.decoded(code, count: positions.count, of: capacity) == positions)
    }
  }

  @Test func comesBackAsItWasAtTheEnds() throws {
    for positions: [UInt16] in [[0, 16_383], [16_382, 16_383], [0, 1], (0..<16_383).map(UInt16.init)] {
      let code = Self.encoded(positions, of: 16_384)
      #expect(try Self.decoded(code, count: positions.count, of: 16_384) == positions)
    }
  }

  @Test(arguments: [UInt64](1...20))
  func otherBytesAreAnErrorOrPositionsOfTheSegment(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let capacity = Int.random(in: 1...16_384, using: &generator)
      let code = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
        Bool.random(using: &generator) ? 0 : UInt8.random(in: 0...255, using: &generator)
      }
      let count = Int.random(in: 1...capacity, using: &generator)
      guard let positions = try? Self.decoded(code, count: count, of: capacity) else { continue }
      #expect(positions.count == count && positions.allSatisfy { $0 < capacity })
    }
  }
}
