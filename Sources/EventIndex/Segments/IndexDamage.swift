/// The error for bytes that are not what was written. The events themselves are not affected.
public struct IndexDamage: Error, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}
