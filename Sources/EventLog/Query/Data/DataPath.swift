import JSON
public import Text

/// The path of a member of an event's `data`: the names of the members that lead to it.
///
/// It is written with dots, as in `order.id`. A name that has other characters than letters, digits, `_` and `-` stands
/// in quotes as a JSON string, as in `"a.b".c`. Lists are not part of a path: it leads to each of their elements.
public struct DataPath: Hashable, Sendable {
  /// The names, at least one.
  public let names: [Text]

  init(_ names: [Text]) {
    self.names = names
  }

  /// Reads a path; the result is nil when the text is not one.
  public init?(_ text: Text) {
    var rest = Array(text.utf8)[...]
    guard let path = Self.reading(&rest), rest.isEmpty else { return nil }
    self = path
  }

  /// Reads the path that a text begins with.
  ///
  /// - Parameter rest: the text in UTF-8; what follows the path is left.
  /// - Returns: the path; nil when the text begins with none.
  static func reading(_ rest: inout ArraySlice<UInt8>) -> DataPath? {
    var names: [Text] = []
    while true {
      guard let name = name(&rest) else { return nil }
      names.append(name)
      guard rest.first == UInt8(ascii: ".") else { return DataPath(names) }
      rest.removeFirst()
    }
  }

  /// Returns whether the path is another one or leads on from it.
  public func starts(with other: DataPath) -> Bool { names.starts(with: other.names) }

  /// The path as it is written. Two paths are equal when these texts are.
  public var text: Text { Text(names.map(Self.written).joined(separator: ".")) }

  static func written(_ name: Text) -> String {
    guard name.isEmpty || !name.utf8.allSatisfy(isPlain) else { return name.string }
    var quoted: [UInt8] = []
    quoted.appendJSON(.string(name.string))
    return String(decoding: quoted, as: UTF8.self)
  }

  /// Returns a name as it is written in a path.
  ///
  /// - Parameter name: the name in valid UTF-8.
  /// - Returns: the name in UTF-8, in quotes where it needs them.
  static func written(_ name: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    if !name.isEmpty, name.allSatisfy(isPlain) { return Array(name) }
    return Array(written(Text(String(decoding: name, as: UTF8.self))).utf8)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...:
      true
    default: false
    }
  }

  private static func name(_ rest: inout ArraySlice<UInt8>) -> Text? {
    guard rest.first == UInt8(ascii: "\"") else {
      let name = rest.prefix(while: isPlain)
      rest = rest.dropFirst(name.count)
      return name.isEmpty ? nil : Text(utf8: Array(name).span)
    }
    var end = rest.startIndex + 1
    while end < rest.endIndex, rest[end] != UInt8(ascii: "\"") {
      end += rest[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard end < rest.endIndex, case .string(let name) = try? JSONValue(parsing: rest[...end]) else {
      return nil
    }
    rest = rest[(end + 1)...]
    return Text(name)
  }
}
