import Glibc

/// The meta-variables of a request (RFC 3875 section 4.1): names and values as bytes, copied once.
///
/// If a name occurs more than once, its first value is used.
struct MetaVariables: Sendable {
  /// The largest total size of the variables that is accepted, in bytes; nginx never sends more.
  static let maximumSize = 65_536

  private var storage: [UInt8] = []
  private var entries: [(name: Range<Int>, value: Range<Int>)] = []

  init() {
    storage.reserveCapacity(1024)
    entries.reserveCapacity(32)
  }

  /// The total size of names and values, with the equals signs between them, in bytes.
  var size: Int { storage.count }

  /// Appends a variable.
  ///
  /// - Parameter entry: the variable as `NAME=value`, as in an environment.
  mutating func append(_ entry: some Collection<UInt8>) {
    let start = storage.endIndex
    storage.append(contentsOf: entry)
    let separator = storage[start...].firstIndex(of: UInt8(ascii: "=")) ?? storage.endIndex
    entries.append(
      (name: start..<separator, value: min(separator + 1, storage.endIndex)..<storage.endIndex))
  }

  /// The value of a variable; nil when the variable is not set or empty, which means the same (RFC 3875 section 4.1).
  subscript(_ name: StaticString) -> ArraySlice<UInt8>? {
    guard let entry = entry(name), !entry.value.isEmpty else { return nil }
    return storage[entry.value]
  }

  /// Returns whether a variable is set, even if its value is empty.
  func has(_ name: StaticString) -> Bool {
    entry(name) != nil
  }

  private func entry(_ name: StaticString) -> (name: Range<Int>, value: Range<Int>)? {
    let size = name.utf8CodeUnitCount
    return entries.first { $0.name.count == size && starts($0.name, with: name) }
  }

  /// Returns whether the name at a range, which is at least as long as the prefix, starts with it.
  private func starts(_ range: Range<Int>, with prefix: StaticString) -> Bool {
    storage.withUnsafeBytes { storage in
      guard let start = storage.baseAddress else { return false }
      return memcmp(start + range.lowerBound, prefix.utf8Start, prefix.utf8CodeUnitCount) == 0
    }
  }

  /// Returns the variables whose names start with a prefix, without it, in the order in which they were given.
  func entries(
    withPrefix prefix: StaticString
  ) -> some Sequence<(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)> {
    let size = prefix.utf8CodeUnitCount
    return entries.lazy.filter { entry in
      entry.name.count >= size && starts(entry.name, with: prefix)
    }.map { entry in (storage[entry.name.dropFirst(size)], storage[entry.value]) }
  }
}
