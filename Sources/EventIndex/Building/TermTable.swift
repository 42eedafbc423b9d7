import Glibc

/// Numbers terms in the order in which they come, each once. A hash table without removal, whose keys lie in one array.
struct TermTable {
  private var bytes: [UInt8] = []
  /// Where each term starts, and where the last one ends.
  private var offsets: [Int] = [0]
  private var hashes: [Int] = []
  /// The number of a term plus one, or 0. The size is a power of two, and at most half of it is used.
  private var slots = [UInt32](repeating: 0, count: 1024)

  var count: Int { hashes.count }

  /// Finds a term, or adds it.
  ///
  /// - Parameters:
  ///   - field: the first byte of the term.
  ///   - value: the other bytes; what exceeds the longest term is left out.
  /// - Returns: the number of the term.
  mutating func number(of field: Term.Field, _ value: UnsafeBufferPointer<UInt8>) -> Int {
    let value = UnsafeBufferPointer(rebasing: value.prefix(Term.maximumSize - 1))
    let hash = Self.hash(field, value)
    var slot = hash & (slots.count - 1)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if hashes[number] == hash, isTerm(number, field, value) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    bytes.append(field.rawValue)
    bytes.append(contentsOf: value)
    offsets.append(bytes.count)
    hashes.append(hash)
    slots[slot] = UInt32(hashes.count)
    if hashes.count * 2 > slots.count { grow() }
    return hashes.count - 1
  }

  /// Computes a hash for which nobody outside of the process can choose terms that collide.
  private static func hash(_ field: Term.Field, _ value: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(field.rawValue)
    hasher.combine(bytes: UnsafeRawBufferPointer(value))
    return hasher.finalize()
  }

  private func isTerm(_ number: Int, _ field: Term.Field, _ value: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.withUnsafeBufferPointer { bytes in
      let range = offsets[number]..<offsets[number + 1]
      return bytes[range.lowerBound] == field.rawValue
        && compare(UnsafeBufferPointer(rebasing: bytes[range.dropFirst()]), value) == 0
    }
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for number in hashes.indices {
      var slot = hashes[number] & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(number + 1)
    }
  }

  /// Returns the numbers in the order of their terms.
  func sorted() -> [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      offsets.withUnsafeBufferPointer { offsets in
        func term(_ number: Int) -> UnsafeBufferPointer<UInt8> {
          UnsafeBufferPointer(rebasing: bytes[offsets[number]..<offsets[number + 1]])
        }
        return (0..<count).sorted { compare(term($0), term($1)) < 0 }
      }
    }
  }

  func withTerm<Result>(_ number: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    bytes.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[offsets[number]..<offsets[number + 1]]))
    }
  }
}
