import Testing

@testable import EventLog

struct CanonicalNumberOrderTests {
  @Test func ordersNumbersOfAnySize() {
    let ascending = [
      "-1e999999999999999999", "-1e30", "-100", "-99.5", "-99.25", "-1", "-0.5", "-1e-30", "0",
      "1e-999999999999999999",
      "1e-30", "0.0000001", "0.09", "0.5", "0.50001", "1", "1.5", "2", "9", "10", "10.5", "99", "100",
      "1000000",
      "123456789012345678901234567890", "1e30", "2e30", "1e999999999999999999",
    ].map { CanonicalNumber($0) }
    for (left, leftNumber) in ascending.enumerated() {
      for (right, rightNumber) in ascending.enumerated() {
        #expect((leftNumber < rightNumber) == (left < right), "\(leftNumber) \(rightNumber)")
        #expect((leftNumber <= rightNumber) == (left <= right), "\(leftNumber) \(rightNumber)")
      }
    }
  }
}
