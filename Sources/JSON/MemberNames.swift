import Text

/// The names of an object's members, collected to find duplicates.
struct MemberNames {
  /// The number of names up to which a linear search is faster than hashing.
  private static let fewCount = 16

  private var few: [Text] = []
  private var many: Set<Text> = []

  /// Adds a name.
  ///
  /// - Parameter name: the member's name.
  /// - Returns: whether the name is new.
  mutating func insert(_ name: Text) -> Bool {
    if many.isEmpty {
      if few.contains(name) { return false }
      few.append(name)
      if few.count > Self.fewCount { many = Set(few) }
      return true
    }
    return many.insert(name).inserted
  }
}
