/// A comparison of a number in an event's `data`.
public struct NumberComparison: Hashable, Sendable {
  public enum Relation: String, CaseIterable, Sendable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  public let path: DataPath
  public let relation: Relation
  /// The number on the right.
  public let number: CanonicalNumber

  public init(path: DataPath, _ relation: Relation, _ number: CanonicalNumber) {
    (self.path, self.relation, self.number) = (path, relation, number)
  }

  /// Returns whether a value is a number for which the comparison holds.
  public func holds(for value: DataValue) -> Bool {
    guard case .number(let left) = value else { return false }
    return switch relation {
    case .less: left < number
    case .lessOrEqual: left <= number
    case .greater: left > number
    case .greaterOrEqual: left >= number
    }
  }

  /// Returns whether a leaf is a number at the path for which the comparison holds.
  public func holds(for leaf: DataLeaf) -> Bool { leaf.path == path && holds(for: leaf.value) }

  /// What the keys of all numbers at the path start with.
  public var keyPrefix: [UInt8] { DataLeaf.key(of: path) + [DataValue.numberTag] }
}
