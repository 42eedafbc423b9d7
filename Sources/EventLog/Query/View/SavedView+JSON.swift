public import JSON
import Text

extension SavedView {
  /// The view as a JSON object. Columns that nobody has chosen are left out.
  public var json: JSONValue {
    var members = [
      JSONMember(name: "name", value: .string(name.text.string)),
      JSONMember(name: "query", value: .string(query.string)),
    ]
    if let columns {
      members.append(
        JSONMember(
          name: ListColumns.parameterName, value: .array(columns.all.map { .string($0.name.string) })))
    }
    return .object(members)
  }

  /// Reads what a client asks of a view: an object with `query` and `columns`, of which either may be missing.
  ///
  /// - Parameters:
  ///   - json: the content. A member `name` may be there if it is the name, so that a view can be sent as it was received.
  ///   - name: the name.
  /// - Throws: `InvalidMember` with the place of the first error.
  public init(_ json: JSONValue, named name: ViewName) throws(InvalidMember) {
    guard case .object(let members) = json else {
      throw InvalidMember(pointer: "", detail: "must be a JSON object, not \(json.kind)")
    }
    var (query, columns): (Text, ListColumns?) = ("", nil)
    for member in members {
      switch (member.name, member.value) {
      case ("query", .string(let text)): query = Text(text)
      case ("query", let value):
        throw InvalidMember(pointer: "/query", detail: "must be a string, not \(value.kind)")
      case (ListColumns.parameterName, let value): columns = try ListColumns(json: value)
      case ("name", .string(let text)) where Text(text) == name.text: break
      case ("name", _):
        throw InvalidMember(pointer: "/name", detail: "must be the name in the address, or be left out")
      default:
        throw InvalidMember(named: member.name, detail: "is not a member of a view; it has query and columns")
      }
    }
    try self.init(name: name, query: query, columns: columns)
  }
}

extension ListColumns {
  fileprivate init(json: JSONValue) throws(InvalidMember) {
    guard case .array(let values) = json else {
      throw InvalidMember(pointer: "/columns", detail: "must be an array of strings, not \(json.kind)")
    }
    var names: [Text] = []
    for (index, value) in values.enumerated() {
      guard case .string(let name) = value else {
        throw InvalidMember(pointer: "/columns/\(index)", detail: "must be a string, not \(value.kind)")
      }
      names.append(Text(name))
    }
    try self.init(names)
  }
}
