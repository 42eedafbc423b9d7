/// The framing of FastCGI records (FastCGI specification 1.0, sections 3.3 and 8).
enum Record {
  /// The record types that this program reads or writes.
  enum Kind {
    static let beginRequest: UInt8 = 1
    static let abortRequest: UInt8 = 2
    static let endRequest: UInt8 = 3
    static let params: UInt8 = 4
    static let stdin: UInt8 = 5
    static let stdout: UInt8 = 6
    static let stderr: UInt8 = 7
    static let getValues: UInt8 = 9
    static let getValuesResult: UInt8 = 10
    static let unknownType: UInt8 = 11
  }

  static let version: UInt8 = 1
  /// The only role in a begin-request that this program accepts.
  static let responderRole: Int32 = 1
  /// The size of a record's header in bytes.
  static let headerSize = 8
  /// The size of a begin-request's content in bytes.
  static let beginRequestSize = 8
  /// The size in bytes of the largest content that ends on a multiple of eight without padding.
  static let maximumContentSize = 65_528

  /// The protocol status of an end-request.
  enum ProtocolStatus: UInt8 {
    case requestComplete = 0
    case unknownRole = 3
  }

  /// The first eight bytes of a record, which may arrive one at a time.
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
    /// Whether the record belongs to the connection and not to a request (section 3.3).
    var isManagement: Bool { requestID == 0 }
    /// The number of bytes of the header that have not arrived yet.
    var missing: Int { headerSize - size }
  }

  /// Appends the header of a record whose content follows it without padding.
  static func appendHeader(_ kind: UInt8, requestID: UInt16, contentSize: Int, to bytes: inout [UInt8]) {
    bytes += [
      version, kind, UInt8(requestID >> 8), UInt8(requestID & 0xFF), UInt8(contentSize >> 8),
      UInt8(contentSize & 0xFF), 0, 0,
    ]
  }

  /// Appends content as records of a stream. Empty content appends nothing, because an empty record ends the stream.
  ///
  /// - Parameters:
  ///   - content: the content of the stream, or of a single record if it fits into one.
  ///   - kind: the records' type.
  ///   - requestID: the FastCGI request id that the records carry.
  ///   - bytes: the buffer to which they are appended.
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

  /// Returns where the record that contains a byte ends.
  ///
  /// - Parameters:
  ///   - offset: the number of bytes before that byte.
  ///   - bytes: whole records, one after the other.
  /// - Returns: the number of bytes up to the end of the record; `offset` itself if a record ends there.
  static func end(at offset: Int, in bytes: [UInt8]) -> Int {
    var end = 0
    while end < offset {
      end += headerSize + (Int(bytes[end + 4]) << 8 | Int(bytes[end + 5])) + Int(bytes[end + 6])
    }
    return end
  }

  /// Appends an empty record of standard error.
  ///
  /// The record has no meaning, but nginx does not keep a connection on which bytes follow the end-request. This is how
  /// a draining responder makes nginx release a connection that it cannot close, since nginx may be about to use it.
  static func appendLetGo(requestID: UInt16, to bytes: inout [UInt8]) {
    appendHeader(Kind.stderr, requestID: requestID, contentSize: 0, to: &bytes)
  }
}
