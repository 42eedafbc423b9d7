/// The names of an object's members, to find one that is given twice. They are compared as bytes, not by canonical
/// equivalence as strings are.
struct MemberNames {
  /// Up to here it is faster to look at each of them.
  private static let fewCount = 16

  private var few: [String] = []
  private var many: Set<[UInt8]> = []

  /// - Returns: whether it was not there yet.
  mutating func insert(_ name: String) -> Bool {
    if many.isEmpty {
      if few.contains(where: { $0.utf8.elementsEqual(name.utf8) }) { return false }
      few.append(name)
      if few.count > Self.fewCount { many = Set(few.map { Array($0.utf8) }) }
      return true
    }
    return many.insert(Array(name.utf8)).inserted
  }
}
