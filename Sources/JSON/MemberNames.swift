/// The names of an object's members, collected to find duplicates. Names are compared as bytes, whereas strings compare
/// by canonical equivalence.
struct MemberNames {
  /// The number of names up to which a linear search is faster than hashing.
  private static let fewCount = 16

  private var few: [String] = []
  private var many: Set<[UInt8]> = []

  /// Adds a name.
  ///
  /// - Parameter name: the member's name.
  /// - Returns: whether the name is new.
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
