import JSON
public import Text

/// A search and the columns of its list, under a name. It is valid by construction.
public struct SavedView: Hashable, Sendable {
  public let name: ViewName
  /// The text of `q` as it was typed, so that spans of time stay relative; empty for all events.
  public let query: Text
  /// The columns; nil for those of a list for which nobody has chosen any.
  public let columns: ListColumns?

  /// - Parameters:
  ///   - name: the name.
  ///   - query: the text of `q`; blank for all events.
  ///   - columns: the columns; nil for the usual ones.
  /// - Throws: `InvalidMember` at `/query` when the text is not a valid search.
  public init(name: ViewName, query: Text, columns: ListColumns? = nil) throws(InvalidMember) {
    let query = query.trimmed
    if !query.isEmpty {
      do throws(InvalidParameter) { _ = try SearchQuery(query, now: .now()) } catch {
        throw InvalidMember(pointer: "/query", detail: error.detail)
      }
    }
    self.init(stored: name, query: query, columns: columns)
  }

  /// Creates a view from what a store has, which is not checked again.
  public init(stored name: ViewName, query: Text, columns: ListColumns?) {
    self.name = name
    self.query = query
    self.columns = columns
  }

  /// The parameters of the list that the view shows.
  public var parameters: [(name: Text, value: Text)] {
    var parameters: [(name: Text, value: Text)] = []
    if !query.isEmpty { parameters.append((SearchQuery.parameterName, query)) }
    if let columns { parameters.append((ListColumns.parameterName, columns.parameter)) }
    return parameters
  }
}
