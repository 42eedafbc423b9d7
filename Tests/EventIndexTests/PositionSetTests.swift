import TestSupport
import Testing

@testable import EventIndex

struct PositionSetTests {
  @Test(arguments: [1, 63, 64, 65, 1000])
  func isASetOfNumbers(_ capacity: Int) {
    var generator = SeededGenerator(seed: UInt64(capacity))
    func random() -> (PositionSet, Set<Int>) {
      let numbers = Set((0..<capacity).filter { _ in Bool.random(using: &generator) })
      var set = PositionSet(capacity: capacity)
      for number in numbers { set.insert(number) }
      return (set, numbers)
    }
    func expect(_ set: PositionSet, _ numbers: Set<Int>) {
      var found: [Int] = []
      set.forEach {
        found.append($0)
        return true
      }
      #expect(found == numbers.sorted())
      var reversed: [Int] = []
      set.forEach(ascending: false) {
        reversed.append($0)
        return true
      }
      #expect(reversed == found.reversed())
      #expect(set.count == numbers.count && set.isEmpty == numbers.isEmpty)
      #expect(set.isFull == (numbers.count == capacity))
      #expect(set.first == numbers.min() && set.last == numbers.max())
      #expect((0..<capacity).allSatisfy { set.contains($0) == numbers.contains($0) })
    }
    for _ in 0..<20 {
      let (left, right) = (random(), random())
      expect(left.0, left.1)
      expect(left.0.intersection(right.0), left.1.intersection(right.1))
      expect(left.0.subtracting(right.0), left.1.subtracting(right.1))
      expect(left.0.complement, Set(0..<capacity).subtracting(left.1))
      var union = left.0
      union.formUnion(right.0)
      expect(union, left.1.union(right.1))
      let lower = Int.random(in: 0...capacity, using: &generator)
      let range = lower..<Int.random(in: lower...capacity, using: &generator)
      expect(PositionSet(range, capacity: capacity), Set(range))
      #expect(left.0.count(in: range) == left.1.intersection(range).count)
    }
    expect(.full(capacity: capacity), Set(0..<capacity))
  }
}
