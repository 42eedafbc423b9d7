/// How much of a request has arrived, told from the headers of its records alone.
///
/// libfcgi reads with blocking calls. The engine looks at what has arrived before it lets libfcgi read, so
/// that a worker is never held by a peer that sends slowly.
enum RequestFraming: Equatable {
  /// More has to come.
  case incomplete
  /// The request is here to the end of its standard input; `size` in bytes.
  case whole(size: Int)
  /// No request begins like this. Management records, records of another request or out of order, params of enormous
  /// length and padding between streams count as such: neither nginx nor lighttpd nor Apache sends them, and they can
  /// crash libfcgi 2.4.2, make it wait, or lead it astray.
  case malformed

  /// - Parameter bytes: what has arrived, from the start of a request.
  init(of bytes: ArraySlice<UInt8>) {
    var position = bytes.startIndex
    var firstID: UInt16?
    // Begin-request, params to their end, standard input to its end; libfcgi waits for what is left out.
    var expected = Record.Kind.beginRequest
    var lengths = ParamsLengths()
    while bytes.endIndex - position >= Record.headerSize {
      let header = bytes[position..<position + Record.headerSize]
      let kind = header[position + 1]
      let requestID = UInt16(header[position + 2]) << 8 | UInt16(header[position + 3])
      let contentSize = Int(header[position + 4]) << 8 | Int(header[position + 5])
      let isAborted = kind == Record.Kind.abortRequest && expected == Record.Kind.stdin
      let content = position + Record.headerSize
      let paddingSize = Int(header[position + 6])
      // Between begin-request, params and standard input libfcgi forgets to skip it, and reads it as records.
      let isMisread = kind == Record.Kind.beginRequest || kind == Record.Kind.params && contentSize == 0
      guard header[position] == Record.version, requestID != 0, requestID == firstID ?? requestID,
        kind == expected || isAborted, paddingSize == 0 || !isMisread,
        kind != Record.Kind.params
          || lengths.areSound(in: bytes[content..<min(content + contentSize, bytes.endIndex)])
      else {
        self = .malformed
        return
      }
      firstID = requestID
      position = content + contentSize + paddingSize
      if position > bytes.endIndex { break }
      switch kind {
      case Record.Kind.beginRequest: expected = Record.Kind.params
      case Record.Kind.params: if contentSize == 0 { expected = Record.Kind.stdin }
      default:
        if isAborted || contentSize == 0 {
          self = .whole(size: position - bytes.startIndex)
          return
        }
      }
    }
    self = .incomplete
  }
}
