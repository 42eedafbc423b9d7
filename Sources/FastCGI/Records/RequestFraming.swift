/// Where the records of a request begin and end (FastCGI specification 1.0, sections 3.3 and 5), told piece by piece.
///
/// libfcgi reads with blocking calls, and trusts what it reads. The engine looks at what has arrived before it lets
/// libfcgi read, so that no peer can hold a worker or lead libfcgi astray.
struct RequestFraming {
  enum Progress: Equatable {
    /// More has to come.
    case incomplete
    /// The request is here to the end of its standard input; `size` is in bytes of the last piece.
    case whole(size: Int)
    /// No request is like this. Management records, records of another request or out of order, params of enormous
    /// length and padding at the end of a stream count as such: neither nginx nor lighttpd nor Apache sends them, and they can
    /// crash libfcgi 2.4.2, make it wait, or lead it astray.
    case malformed
  }

  /// Of the request; nil until its first header is here.
  private var requestID: UInt16?
  /// Begin-request, params to their end, standard input to its end; libfcgi waits for what is left out.
  private var expected = Record.Kind.beginRequest
  private var header = Record.Header()
  /// Bytes of the current record that are still to come.
  private var contentLeft = 0
  private var paddingLeft = 0
  private var lengths = ParamsLengths()

  /// - Parameters:
  ///   - bytes: the next piece of what has arrived.
  ///   - content: is given the header of a record and a part of its content; of an empty one, which ends a stream or
  ///     the request, an empty part.
  /// - Returns: how far the request is with this piece. Once it is whole or malformed there is nothing more to ask.
  mutating func advance(
    over bytes: ArraySlice<UInt8>, content: (Record.Header, ArraySlice<UInt8>) -> Void = { _, _ in }
  ) -> Progress {
    var rest = bytes
    while true {
      if !header.isWhole {
        guard let byte = rest.popFirst() else { return .incomplete }
        header.append(byte)
        if header.isWhole {
          if !beginRecord() { return .malformed }
          if contentLeft == 0 { content(header, []) }
        }
        continue
      }
      let part = rest.prefix(contentLeft)
      if !part.isEmpty {
        if header.kind == Record.Kind.params && !lengths.areSound(in: part) { return .malformed }
        content(header, part)
        contentLeft -= part.count
        rest = rest.dropFirst(part.count)
      }
      let padding = min(paddingLeft, rest.count)
      paddingLeft -= padding
      rest = rest.dropFirst(padding)
      if contentLeft > 0 || paddingLeft > 0 { return .incomplete }
      if endRecord() { return .whole(size: rest.startIndex - bytes.startIndex) }
    }
  }

  /// - Returns: false when no request goes on with such a record.
  private mutating func beginRecord() -> Bool {
    contentLeft = header.contentSize
    paddingLeft = header.paddingSize
    let isBegin = header.kind == Record.Kind.beginRequest
    let isAborted = header.kind == Record.Kind.abortRequest && expected == Record.Kind.stdin
    // Where libfcgi forgets to skip padding, and reads it as records.
    let isMisread = isBegin || contentLeft == 0
    guard header.version == Record.version, header.requestID != 0,
      header.requestID == requestID ?? header.requestID,
      header.kind == expected || isAborted, paddingLeft == 0 || !isMisread,
      !isBegin || contentLeft == Record.beginRequestSize, !isAborted || contentLeft == 0
    else { return false }
    requestID = header.requestID
    return true
  }

  /// - Returns: whether the request ends with this record.
  private mutating func endRecord() -> Bool {
    let isEmpty = header.contentSize == 0
    switch header.kind {
    case Record.Kind.beginRequest: expected = Record.Kind.params
    case Record.Kind.params: if isEmpty { expected = Record.Kind.stdin }
    case Record.Kind.stdin: if isEmpty { return true }
    default: return true
    }
    header = Record.Header()
    return false
  }
}
