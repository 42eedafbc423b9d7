extension StringProtocol {
  /// Whether the text is a token (RFC 9110 section 5.6.2).
  var isToken: Bool {
    !isEmpty
      && utf8.allSatisfy { byte in
        switch Unicode.Scalar(byte) {
        case "A"..."Z", "a"..."z", "0"..."9": true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  /// Returns the text without the spaces and tabs at both ends (OWS, RFC 9110 section 5.6.3).
  func trimmingBlanks() -> SubSequence {
    func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
    let start = firstIndex { !isBlank($0) } ?? endIndex
    let end = lastIndex { !isBlank($0) }.map(index(after:)) ?? start
    return self[start..<end]
  }
}
