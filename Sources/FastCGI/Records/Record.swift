/// The framing of FastCGI records (FastCGI specification 1.0, section 3.3 and 8), as values.
enum Record {
  /// Of the record types, those that this program looks at or writes.
  enum Kind {
    static let beginRequest: UInt8 = 1
    static let abortRequest: UInt8 = 2
    static let endRequest: UInt8 = 3
    static let params: UInt8 = 4
    static let stdin: UInt8 = 5
    static let stdout: UInt8 = 6
    static let stderr: UInt8 = 7
  }

  static let version: UInt8 = 1
  /// The role in a begin-request that this program takes.
  static let responderRole: Int32 = 1
  /// Bytes.
  static let headerSize = 8
  /// Bytes of the content of a begin-request.
  static let beginRequestSize = 8
  /// Bytes: the largest content that needs no padding to end on a multiple of eight.
  static let maximumContentSize = 65_528

  /// The protocol status of an end-request.
  enum ProtocolStatus: UInt8 {
    case requestComplete = 0
    case unknownRole = 3
  }

  /// The first eight bytes of a record, which may come one by one.
  struct Header {
    private var bits: UInt64 = 0
    private var size = 0

    var isWhole: Bool { size == headerSize }

    mutating func append(_ byte: UInt8) {
      bits = bits << 8 | UInt64(byte)
      size += 1
    }

    var version: UInt8 { UInt8(truncatingIfNeeded: bits >> 56) }
    var kind: UInt8 { UInt8(truncatingIfNeeded: bits >> 48) }
    var requestID: UInt16 { UInt16(truncatingIfNeeded: bits >> 32) }
    var contentSize: Int { Int(UInt16(truncatingIfNeeded: bits >> 16)) }
    var paddingSize: Int { Int(UInt8(truncatingIfNeeded: bits >> 8)) }
  }

  /// Appends the header of a record whose content follows and needs no padding.
  static func appendHeader(_ kind: UInt8, requestID: UInt16, contentSize: Int, to bytes: inout [UInt8]) {
    bytes += [
      version, kind, UInt8(requestID >> 8), UInt8(requestID & 0xFF), UInt8(contentSize >> 8),
      UInt8(contentSize & 0xFF), 0, 0,
    ]
  }

  /// Appends content as records of a stream; empty content appends nothing, since an empty record would end the stream.
  ///
  /// - Parameters:
  ///   - content: of the stream, or of a single record that has so little.
  ///   - kind: the type of the records.
  ///   - requestID: of the records.
  ///   - bytes: what they are appended to.
  static func append(_ content: [UInt8], as kind: UInt8, requestID: UInt16, to bytes: inout [UInt8]) {
    bytes.reserveCapacity(
      bytes.count + content.count + headerSize * (content.count / maximumContentSize + 1))
    var rest = content[...]
    while !rest.isEmpty {
      let part = rest.prefix(maximumContentSize)
      appendHeader(kind, requestID: requestID, contentSize: part.count, to: &bytes)
      bytes += part
      rest = rest.dropFirst(part.count)
    }
  }

  /// Appends the end of standard output and the end-request.
  static func appendEnd(_ status: ProtocolStatus, requestID: UInt16, to bytes: inout [UInt8]) {
    appendHeader(Kind.stdout, requestID: requestID, contentSize: 0, to: &bytes)
    appendHeader(Kind.endRequest, requestID: requestID, contentSize: 8, to: &bytes)
    bytes += [0, 0, 0, 0, status.rawValue, 0, 0, 0]
  }

  /// Appends an empty record of standard error.
  ///
  /// It means nothing, but nginx does not keep a connection on which bytes follow the end-request. So a
  /// draining responder is let go without closing a connection that nginx may be about to use.
  static func appendLetGo(requestID: UInt16, to bytes: inout [UInt8]) {
    appendHeader(Kind.stderr, requestID: requestID, contentSize: 0, to: &bytes)
  }
}
