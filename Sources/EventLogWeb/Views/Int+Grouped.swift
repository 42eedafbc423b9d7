extension Int {
  /// The number in decimal, with a narrow space between thousands.
  var grouped: String {
    let digits = Array(String(self))
    return digits.indices.map { index in
      (index > 0 && (digits.count - index) % 3 == 0 ? "\u{202F}" : "") + String(digits[index])
    }.joined()
  }
}
