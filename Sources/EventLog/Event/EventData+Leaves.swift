import JSON
import Text

/// A string, a number, a boolean or null in an event's `data`, and where it stands.
public struct DataLeaf: Hashable, Sendable {
  public let path: DataPath
  public let value: DataValue

  public init(path: DataPath, value: DataValue) {
    self.path = path
    self.value = value
  }

  /// Bytes that are equal when two leaves are. Those with the same path start with the same bytes, `key(of:)`.
  public var key: [UInt8] { Self.key(of: path) + value.key }

  /// What the keys of all leaves with a path start with.
  public static func key(of path: DataPath) -> [UInt8] { Array(path.text.utf8) + [0] }

  /// What the keys of all leaves start with whose path is a path or leads on from it.
  public static func keyPrefixes(within path: DataPath) -> [[UInt8]] {
    [key(of: path), Array(path.text.utf8) + [UInt8(ascii: ".")]]
  }

  /// Reads the value from the key of a leaf.
  ///
  /// - Parameters:
  ///   - key: the key.
  ///   - path: the path of the leaf.
  /// - Returns: the value; nil when the bytes are not such a key.
  public static func value(of key: some Collection<UInt8>, at path: DataPath) -> DataValue? {
    DataValue(key: key.dropFirst(Self.key(of: path).count))
  }
}

extension StoredEvent {
  /// Reads the leaves of data as a store holds it.
  ///
  /// - Parameter json: the data as a JSON object in UTF-8; empty when the event has none.
  /// - Returns: the distinct leaves, in the order of the text.
  /// - Throws: `EventStoreError` with the reason `damaged` when the text is not JSON.
  public static func leaves(_ json: UnsafeBufferPointer<UInt8>) throws(EventStoreError) -> [DataLeaf] {
    if json.isEmpty { return [] }
    guard let value = try? JSONValue(parsing: json) else {
      throw EventStoreError(.damaged, cause: "an event's data is not JSON")
    }
    return value.leaves
  }

  /// Reads the keys of the leaves of data as a store holds it.
  ///
  /// - Parameter json: the data as a JSON object in UTF-8; empty when the event has none.
  /// - Returns: the distinct keys, in the order of the text.
  /// - Throws: `EventStoreError` with the reason `damaged` when the text is not JSON.
  public static func leafKeys(_ json: UnsafeBufferPointer<UInt8>) throws(EventStoreError) -> [[UInt8]] {
    if json.isEmpty { return [] }
    if let keys = ordinaryLeafKeys(json) { return keys }
    return try leaves(json).map(\.key)
  }

  /// Reads the keys without a tree of values; nil when the text is not an ordinary one.
  private static func ordinaryLeafKeys(_ json: UnsafeBufferPointer<UInt8>) -> [[UInt8]]? {
    guard (try? UTF8Span(validating: json.span)) != nil else { return nil }
    var keys: [[UInt8]] = []
    var seen: Set<[UInt8]> = []
    var haveNames = true
    var scanner = JSONScanner(json)
    let isOrdinary = scanner.forEachScalar { names, scalar in
      guard let path = DataLeaf.key(ofPath: names), let value = DataValue(scalar) else {
        haveNames = false
        return
      }
      let key = path + value.key
      if seen.insert(key).inserted { keys.append(key) }
    }
    return isOrdinary && haveNames && scanner.isAtEnd ? keys : nil
  }
}

extension DataLeaf {
  /// What the keys of all leaves with a path start with; nil when there are no names, or one has an escape.
  fileprivate static func key(ofPath names: [JSONStringText]) -> [UInt8]? {
    var key: [UInt8] = []
    for name in names {
      guard !name.hasEscapes else { return nil }
      if !key.isEmpty { key.append(UInt8(ascii: ".")) }
      key += DataPath.written(name.bytes)
    }
    key.append(0)
    return names.isEmpty ? nil : key
  }
}

extension DataValue {
  fileprivate init?(_ scalar: JSONScalarText) {
    switch scalar {
    case .string(let text):
      guard let string = text.string else { return nil }
      self = .string(Text(string))
    case .number(let digits): self = .number(CanonicalNumber(String(decoding: digits, as: UTF8.self)))
    case .bool(let bool): self = .bool(bool)
    case .null: self = .null
    }
  }
}

extension EventData {
  /// The distinct leaves, in the order of the text.
  public var leaves: [DataLeaf] { (try? JSONValue(parsing: json.utf8))?.leaves ?? [] }
}

extension JSONValue {
  fileprivate var leaves: [DataLeaf] {
    var leaves: [DataLeaf] = []
    var seen: Set<DataLeaf> = []
    collect(at: [], into: &leaves, &seen)
    return leaves
  }

  private func collect(at names: [Text], into leaves: inout [DataLeaf], _ seen: inout Set<DataLeaf>) {
    switch self {
    case .object(let members):
      for member in members { member.value.collect(at: names + [member.name], into: &leaves, &seen) }
    case .array(let elements):
      for element in elements { element.collect(at: names, into: &leaves, &seen) }
    case .string, .number, .bool, .null:
      guard !names.isEmpty, let value = DataValue(self) else { return }
      let leaf = DataLeaf(path: DataPath(names), value: value)
      if seen.insert(leaf).inserted { leaves.append(leaf) }
    }
  }
}
