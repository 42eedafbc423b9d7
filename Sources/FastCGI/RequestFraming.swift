/// How much of a request has arrived, told from the headers of its records alone.
///
/// libfcgi reads with blocking calls. The engine looks at what has arrived before it lets libfcgi read, so
/// that a worker is never held by a peer that sends slowly.
enum RequestFraming: Equatable {
  /// More has to come.
  case incomplete
  /// The request is here to the end of its standard input; `size` in bytes.
  case whole(size: Int)
  /// No request begins like this. Management records and second requests among the first one's records count
  /// as such: neither nginx nor lighttpd nor Apache sends them, and libfcgi 2.4.2 can be crashed by the former.
  case malformed

  /// - Parameter bytes: what has arrived, from the start of a request.
  init(of bytes: ArraySlice<UInt8>) {
    var position = bytes.startIndex
    var firstID: UInt16?
    while bytes.endIndex - position >= Record.headerSize {
      let header = bytes[position..<position + Record.headerSize]
      let kind = header[position + 1]
      let requestID = UInt16(header[position + 2]) << 8 | UInt16(header[position + 3])
      let contentSize = Int(header[position + 4]) << 8 | Int(header[position + 5])
      guard header[position] == Record.version, requestID != 0, requestID == firstID ?? requestID,
        (kind == Record.Kind.beginRequest) == (firstID == nil)
      else {
        self = .malformed
        return
      }
      firstID = requestID
      position += Record.headerSize + contentSize + Int(header[position + 6])
      if position > bytes.endIndex { break }
      if kind == Record.Kind.abortRequest || (kind == Record.Kind.stdin && contentSize == 0) {
        self = .whole(size: position - bytes.startIndex)
        return
      }
    }
    self = .incomplete
  }
}
