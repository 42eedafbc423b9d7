/// Finds where the records of a request begin and end, piece by piece (FastCGI specification 1.0, sections 3.3 and 5).
///
/// libfcgi reads with blocking calls and trusts what it reads. The engine therefore checks what has arrived before it
/// lets libfcgi read, and no peer can block a worker or confuse libfcgi.
struct RequestFraming {
  enum Progress: Equatable {
    /// The request has not arrived completely.
    case incomplete
    /// The request has arrived up to the end of its standard input, which is `size` bytes into the last piece.
    case whole(size: Int)
    /// This is not a request. Management records, records that belong to another request or are out of order, params
    /// of enormous length, and padding at the end of a stream all count as malformed: neither nginx nor lighttpd nor
    /// Apache sends them, and they can crash libfcgi 2.4.2, make it wait, or confuse it.
    case malformed
  }

  /// The FastCGI request id; nil until the first header has arrived.
  private var requestID: UInt16?
  /// The kind of record that must come next: begin-request, then params to their end, then standard input to its end.
  /// If one is left out, libfcgi waits for it.
  private var expected = Record.Kind.beginRequest
  private var header = Record.Header()
  /// The number of bytes of the current record's content that have not arrived yet.
  private var contentLeft = 0
  private var paddingLeft = 0
  private var lengths = ParamsLengths()

  /// Reads the next piece of the request.
  ///
  /// - Parameters:
  ///   - bytes: the next piece of what has arrived.
  ///   - content: receives the header of a record and a part of its content. The part is empty for an empty record,
  ///     which ends a stream or the request.
  /// - Returns: the progress of the request after this piece. Do not call this function again once the request is whole
  ///   or malformed.
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

  /// - Returns: false if no request can continue with such a record.
  private mutating func beginRecord() -> Bool {
    contentLeft = header.contentSize
    paddingLeft = header.paddingSize
    let isBegin = header.kind == Record.Kind.beginRequest
    let isAborted = header.kind == Record.Kind.abortRequest && expected == Record.Kind.stdin
    // libfcgi does not skip the padding of these records, and reads it as records instead.
    let isMisread = isBegin || contentLeft == 0
    guard header.version == Record.version, header.requestID != 0,
      header.requestID == requestID ?? header.requestID,
      header.kind == expected || isAborted, paddingLeft == 0 || !isMisread,
      !isBegin || contentLeft == Record.beginRequestSize, !isAborted || contentLeft == 0
    else { return false }
    requestID = header.requestID
    return true
  }

  /// - Returns: true if the request ends with this record.
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
