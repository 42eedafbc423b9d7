/// The meta-variables of a request (RFC 3875 section 4.1): names and values as bytes, copied once.
///
/// Where a name is given twice, the first counts.
struct MetaVariables: Sendable {
  /// Bytes of all names and values together that are accepted; nginx never sends more.
  static let maximumSize = 65_536

  private var storage: [UInt8] = []
  private var entries: [(name: Range<Int>, value: Range<Int>)] = []

  init() {
    storage.reserveCapacity(1024)
    entries.reserveCapacity(32)
  }

  /// Bytes of all names and values together.
  var size: Int { storage.count }

  /// - Parameter entry: `NAME=value`, as in an environment.
  mutating func append(_ entry: some Collection<UInt8>) {
    let start = storage.endIndex
    storage.append(contentsOf: entry)
    let separator = storage[start...].firstIndex(of: UInt8(ascii: "=")) ?? storage.endIndex
    entries.append(
      (name: start..<separator, value: min(separator + 1, storage.endIndex)..<storage.endIndex))
  }

  /// The value of a variable; nil when it is not set or empty, which means the same (RFC 3875 section 4.1).
  subscript(_ name: StaticString) -> ArraySlice<UInt8>? {
    guard let entry = entry(name), !entry.value.isEmpty else { return nil }
    return storage[entry.value]
  }

  /// Whether a variable is set, be it to nothing.
  func has(_ name: StaticString) -> Bool {
    entry(name) != nil
  }

  private func entry(_ name: StaticString) -> (name: Range<Int>, value: Range<Int>)? {
    name.withUTF8Buffer { name in
      storage.withUnsafeBufferPointer { storage in
        entries.first { $0.name.count == name.count && storage[$0.name].elementsEqual(name) }
      }
    }
  }

  /// The variables whose names start with a prefix, without it, in the order they were given.
  func entries(withPrefix prefix: StaticString) -> [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] {
    prefix.withUTF8Buffer { prefix in
      entries.compactMap { entry in
        storage[entry.name].starts(with: prefix)
          ? (storage[entry.name].dropFirst(prefix.count), storage[entry.value]) : nil
      }
    }
  }
}
