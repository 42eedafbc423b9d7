public import Text

/// The columns of a list of events, in their order. They are valid by construction.
public struct ListColumns: Hashable, Sendable {
  /// The maximum number of columns.
  public static let maximumCount = 12
  /// The name of the parameter that lists columns, and of the member of a view that does.
  public static let parameterName: Text = "columns"

  /// The columns; at least one, and all are distinct.
  public let all: [ListColumn]

  /// The columns of a list for which nobody has chosen any.
  public static let usual = ListColumns([.timestamp, .type, .source, .message, .id])

  private init(_ members: [EventMember]) {
    all = members.map { .member($0) }
  }

  /// Reads columns from their names.
  ///
  /// - Parameter names: the names; see `ListColumn`.
  /// - Throws: `InvalidMember` with the place of the first that is wrong.
  public init(_ names: [Text]) throws(InvalidMember) {
    func invalid(_ index: Int? = nil, _ detail: String) -> InvalidMember {
      InvalidMember(pointer: "/columns\(index.map { "/\($0)" } ?? "")", detail: detail)
    }
    guard (1...Self.maximumCount).contains(names.count) else {
      throw invalid(nil, "must be 1 to \(Self.maximumCount) columns, not \(names.count)")
    }
    var all: [ListColumn] = []
    for (index, name) in names.enumerated() {
      guard let column = ListColumn(name) else {
        throw invalid(
          index,
          "\(Text(name.abridged).isEmpty ? "an empty name" : "\"\(name.abridged)\"") is not a column; \(Self.choice)"
        )
      }
      guard !all.contains(column) else { throw invalid(index, "\"\(name.abridged)\" is there twice") }
      all.append(column)
    }
    self.all = all
  }

  /// Reads the value of the parameter `columns`: names with commas between them. A comma in quotation marks is a part of a name
  /// in `data`.
  ///
  /// - Throws: `InvalidParameter`.
  public init(parameter value: Text) throws(InvalidParameter) {
    do throws(InvalidMember) {
      try self.init(Self.names(in: value))
    } catch {
      throw InvalidParameter(name: Self.parameterName, detail: error.detail)
    }
  }

  /// The columns as the value of the parameter `columns`.
  public var parameter: Text { Text(all.map(\.name.string).joined(separator: ",")) }

  private static func names(in value: Text) -> [Text] {
    var names: [[UInt8]] = [[]]
    var (isQuoted, isEscaped) = (false, false)
    for byte in value.utf8 {
      if byte == UInt8(ascii: ","), !isQuoted {
        names.append([])
        continue
      }
      if byte == UInt8(ascii: "\""), !isEscaped { isQuoted.toggle() }
      isEscaped = isQuoted && byte == UInt8(ascii: "\\") && !isEscaped
      names[names.count - 1].append(byte)
    }
    return names.map { Text(String(decoding: $0, as: UTF8.self)).trimmingBlanks }
  }

  private static let choice =
    "the columns are \(ListColumn.members.map(\.rawValue).joined(separator: ", ")) and data.PATH"
}
