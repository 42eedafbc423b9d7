extension String {
  /// Returns whether the string contains a control character (Unicode's general category Cc: C0, DEL and C1).
  func hasControlCharacter(besides allowed: [Unicode.Scalar] = []) -> Bool {
    unicodeScalars.contains { scalar in
      (scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)) && !allowed.contains(scalar)
    }
  }
}
