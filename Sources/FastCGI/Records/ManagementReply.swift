/// The replies to management records (FastCGI specification 1.0, sections 3.3 and 4). libfcgi never sees these records:
/// version 2.4.2 overwrites its own stack on some of them.
enum ManagementReply {
  /// Makes the record that answers a management record.
  ///
  /// - Parameters:
  ///   - kind: the type of the management record.
  ///   - content: the content of the management record.
  ///   - maximumConnections: the number of connections, and of requests, that this responder serves at a time.
  /// - Returns: a get-values-result with the variables that the record asks for and this program knows, each of them
  ///   once; an unknown-type for a record of any other type than get-values.
  static func record(to kind: UInt8, _ content: [UInt8], maximumConnections: Int) -> [UInt8] {
    var record: [UInt8] = []
    guard kind == Record.Kind.getValues else {
      Record.appendHeader(Record.Kind.unknownType, requestID: 0, contentSize: 8, to: &record)
      return record + [kind, 0, 0, 0, 0, 0, 0, 0]
    }
    let wanted = names(in: content)
    let values = [
      ("FCGI_MAX_CONNS", String(maximumConnections)), ("FCGI_MAX_REQS", String(maximumConnections)),
      // A connection carries one request at a time.
      ("FCGI_MPXS_CONNS", "0"),
    ]
    var pairs: [UInt8] = []
    for (name, value) in values where wanted.contains(where: { $0.elementsEqual(name.utf8) }) {
      pairs += [UInt8(name.utf8.count), UInt8(value.utf8.count)]
      pairs += name.utf8
      pairs += value.utf8
    }
    Record.appendHeader(Record.Kind.getValuesResult, requestID: 0, contentSize: pairs.count, to: &record)
    return record + pairs
  }

  /// Returns the names of name-value pairs (section 3.4), up to the first pair that is cut short.
  private static func names(in content: [UInt8]) -> [ArraySlice<UInt8>] {
    var names: [ArraySlice<UInt8>] = []
    var rest = content[...]
    while let nameSize = length(from: &rest), let valueSize = length(from: &rest),
      nameSize + valueSize <= rest.count
    {
      names.append(rest.prefix(nameSize))
      rest = rest.dropFirst(nameSize + valueSize)
    }
    return names
  }

  /// Removes a length of one byte, or of four bytes whose highest bit is set.
  private static func length(from bytes: inout ArraySlice<UInt8>) -> Int? {
    guard let first = bytes.popFirst() else { return nil }
    if first <= 0x7F { return Int(first) }
    guard bytes.count >= 3 else { return nil }
    defer { bytes = bytes.dropFirst(3) }
    return bytes.prefix(3).reduce(Int(first & 0x7F)) { $0 << 8 | Int($1) }
  }
}
