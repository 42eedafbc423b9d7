extension Int {
  /// Reads a whole number in ASCII digits that lies within a range; nil for anything else.
  package init?(parameter value: some StringProtocol, in range: ClosedRange<Int>) {
    guard value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let number = Int(value), range.contains(number)
    else { return nil }
    self = number
  }
}
