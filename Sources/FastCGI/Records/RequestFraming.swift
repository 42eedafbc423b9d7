/// Finds where the records of a request begin and end, piece by piece (FastCGI specification 1.0, sections 3.3 and 5).
///
/// libfcgi reads with blocking calls and trusts what it reads. The engine therefore checks what has arrived before it
/// lets libfcgi read, and no peer can block a worker or confuse libfcgi.
///
/// Management records may stand before and inside a request. An abort between requests is skipped, because the web
/// server may have sent it before it received the end of the response.
struct RequestFraming {
  enum Progress: Equatable {
    /// The request has not arrived completely.
    case incomplete
    /// The request has arrived up to the end of its standard input, or to its abort, which is `size` bytes into the
    /// last piece.
    case whole(size: Int)
    /// This is not a request. Records that belong to another request or are out of order, and params of enormous
    /// length count as malformed: no web server sends them, and they can crash libfcgi 2.4.2, make it wait, or confuse
    /// it.
    case malformed
  }

  /// Whether libfcgi may read the request as it stands. It cannot cope with management records, with aborts outside of
  /// standard input, or with padding of begin-requests and of empty records.
  private(set) var isPlain = true
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

  /// Whether a request has begun: its first header has arrived.
  var hasBegun: Bool { requestID != nil }
  /// Whether nothing has arrived since the start of the connection, the last request, or the last management record.
  var isBetweenRecords: Bool { !hasBegun && header.missing == Record.headerSize }
  /// The number of bytes up to the end of the current header, or else up to the end of the current record.
  var missing: Int { header.isWhole ? contentLeft + paddingLeft : header.missing }

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
        if header.kind == Record.Kind.params && !header.isManagement && !lengths.areSound(in: part) {
          return .malformed
        }
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
    guard header.version == Record.version else { return false }
    let isBegin = header.kind == Record.Kind.beginRequest
    let isAbort = header.kind == Record.Kind.abortRequest
    // libfcgi does not skip the padding of the latter records, and reads it as records instead.
    if header.isManagement || isAbort || paddingLeft > 0 && (isBegin || contentLeft == 0) { isPlain = false }
    if header.isManagement { return true }
    if isAbort {
      return contentLeft == 0 && header.requestID == requestID ?? header.requestID
    }
    guard header.kind == expected, header.requestID == requestID ?? header.requestID,
      !isBegin || contentLeft == Record.beginRequestSize
    else { return false }
    requestID = header.requestID
    return true
  }

  /// - Returns: true if the request ends with this record.
  private mutating func endRecord() -> Bool {
    let isEmpty = header.contentSize == 0
    defer { header = Record.Header() }
    if header.isManagement { return false }
    switch header.kind {
    case Record.Kind.beginRequest: expected = Record.Kind.params
    case Record.Kind.params: if isEmpty { expected = Record.Kind.stdin }
    case Record.Kind.stdin: return isEmpty
    default: return hasBegun
    }
    return false
  }
}
