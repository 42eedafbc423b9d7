import Testing

@testable import EventIndex

@Suite struct PositionCodeTests {
  @Test func aTermOfAllEventsTakesNoBytes() {
    var bytes = [UInt8](repeating: 0, count: PositionCode.maximumSize + PositionCode.padding)
    let positions = (0..<100).map(UInt16.init)
    let size = positions.withUnsafeBufferPointer { positions in
      bytes.withUnsafeMutableBytes { PositionCode.write(positions, of: 100, to: $0) }
    }
    #expect(size == 0)
  }
}
