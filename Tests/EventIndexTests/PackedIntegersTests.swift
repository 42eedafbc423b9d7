import TestSupport
import Testing

@testable import EventIndex

struct PackedIntegersTests {
  private static func read(
    _ bytes: [UInt8], count: Int, from start: Int64
  ) throws -> (integers: [Int64], isAscending: Bool) {
    let padded = bytes + [UInt8](repeating: 0, count: PackedIntegers.padding)
    return try padded.withUnsafeBufferPointer { bytes in
      var offset = 0
      let read = try PackedIntegers.read(bytes, at: &offset, count: count, from: start)
      #expect(offset == bytes.count - PackedIntegers.padding)
      return read
    }
  }

  private static let samples: [[Int64]] = [
    [5], [5, 5, 5], [1, 2, 3, 4], [4, 3, 2, 1], [.max, .min, .max], [0, .max, -1, .min], Array(0..<1000),
    (0..<200).map { (number: Int64) in number * 7_776 + number % 13 },
    (0..<130).map { (number: Int64) in number % 2 == 0 ? 1 << 55 : 0 },
  ]

  @Test(arguments: samples)
  func comeBackAsTheyWere(_ integers: [Int64]) throws {
    for start in [integers[0], 0, Int64.min] {
      var bytes: [UInt8] = []
      PackedIntegers.append(integers, from: start, to: &bytes)
      let read = try Self.read(bytes, count: integers.count, from: start)
      #expect(read.integers == integers)
      #expect(read.isAscending == (integers.sorted() == integers))
    }
  }

  @Test func takeTheBitsOfTheirDifferences() {
    var bytes: [UInt8] = []
    PackedIntegers.append((0..<64).map { Int64($0) * 1000 }, from: 0, to: &bytes)
    // The first difference is 0 and the others are 1000, so ten bits are enough for each.
    #expect(bytes.count == 1 + 1 + 80)
    bytes = []
    PackedIntegers.append((1...64).map { Int64($0) * 1000 }, from: 0, to: &bytes)
    #expect(bytes.count == 2 + 1)
  }

  @Test(arguments: [UInt64](1...20))
  func otherBytesAreAnErrorOrIntegers(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      let padded = bytes + [UInt8](repeating: 0, count: PackedIntegers.padding)
      let count = Int.random(in: 1...300, using: &generator)
      let read = try? padded.withUnsafeBufferPointer { bytes in
        var offset = 0
        return try PackedIntegers.read(bytes, at: &offset, count: count, from: 0)
      }
      #expect(read == nil || read?.integers.count == count)
    }
  }
}
