extension String {
  /// Compares strings by their code points; `==` would treat canonically equivalent strings as equal.
  ///
  /// - Parameter other: the string to compare with.
  /// - Returns: whether both strings have the same code points.
  package func isIdentical(to other: String) -> Bool {
    utf8.elementsEqual(other.utf8)
  }
}
