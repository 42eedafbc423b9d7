import Text

/// The names of an object's members, to find duplicates.
struct MemberNames {
  /// The number of members up to which a linear search is faster than hashing.
  private static let fewCount = 16

  /// The names of all members; empty as long as they are few.
  private var many: Set<Text> = []

  /// Takes note of a name.
  ///
  /// - Parameters:
  ///   - name: the next member's name.
  ///   - members: the members before it, whose names are distinct.
  /// - Returns: whether the name is new.
  mutating func insert(_ name: Text, after members: [JSONMember]) -> Bool {
    if members.count < Self.fewCount { return !members.contains { $0.name == name } }
    if many.isEmpty { many = Set(members.map(\.name)) }
    return many.insert(name).inserted
  }
}
