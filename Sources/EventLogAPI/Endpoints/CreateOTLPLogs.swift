import EventLog
import EventLogFormats
import HTTPCore
import HTTPTypes
import JSON
import Text

extension EventAPI {
  /// The size of the events that are recorded together, in bytes, unless a single one is larger.
  private static let partSize = 4 << 20

  /// `POST /v1/logs`: records log records that an OpenTelemetry exporter sends (OTLP/HTTP 1.x). When the status is 200, those
  /// that are accepted are durable; the response says how many are not, and why.
  func createOTLPLogs(_ request: Request) async throws(ProblemDetails) -> Response {
    try await handling(request) { () throws(ProblemDetails) in try await recordOTLPLogs(request) }
  }

  private func recordOTLPLogs(_ request: Request) async throws(ProblemDetails) -> Response {
    let encoding = OTLPLogs.Encoding(of: request)
    var logs: OTLPLogs
    do { logs = try OTLPLogs(request.body, as: encoding, defaults: request.defaults) } catch {
      switch error {
      case .malformed(let reason):
        throw ProblemDetails(
          .malformedRequest, detail: "The content is not an ExportLogsServiceRequest: \(reason).")
      case .hasTooMany:
        throw ProblemDetails(
          .contentTooLarge,
          detail: "A request has at most \(OTLPLogs.maximumCount) log records; nothing was recorded.")
      }
    }
    // A part is recorded before the next one is read, so nothing may be wrong with that.
    var ahead = request.visitor.scope == nil ? nil : logs
    while let drafts = ahead?.nextDrafts(size: Self.partSize) { try request.requireScope(of: drafts) }
    var part = 0
    while let drafts = logs.nextDrafts(size: Self.partSize) {
      if !drafts.isEmpty { _ = try await store.record(drafts, for: request, part: part) }
      part += 1
    }
    let body =
      switch encoding {
      case .protobuf: logs.protobufResponse
      case .json: logs.jsonResponse
      }
    return Response(.ok, fields: [.contentType: encoding.mediaType.description], body: .bytes(body))
  }

  /// Describes a problem as the protocol has it: a `google.rpc.Status` in the encoding of the request. Exporters try again only
  /// after certain statuses, and give up what they have after others, so a log that is full is one that cannot be used.
  static func otlpStatus(_ problem: ProblemDetails, _ request: Request) -> Response {
    let encoding = OTLPLogs.Encoding(of: request)
    let status: HTTPResponse.Status = problem.status.mayPass ? .serviceUnavailable : problem.status
    let code = problem.status.rpcCode
    var fields = problem.fields
    fields[.contentType] = encoding.mediaType.description
    if status == .serviceUnavailable, fields[.retryAfter] == nil { fields[.retryAfter] = "5" }
    var body: [UInt8] = []
    switch encoding {
    case .protobuf:
      body.appendProtobuf(1, UInt64(code))
      body.appendProtobuf(2, problem.detail)
    case .json:
      body.appendJSON(
        .object([
          JSONMember(name: "code", value: .number(code)),
          JSONMember(name: "message", value: .string(problem.detail)),
        ]))
    }
    return Response(status, fields: fields, body: .bytes(body), cause: problem.cause)
  }
}

extension HTTPResponse.Status {
  /// Whether the same request may succeed later.
  fileprivate var mayPass: Bool { self == .conflict || self == .insufficientStorage || code == 503 }

  /// The code of a `google.rpc.Status` (google/rpc/code.proto).
  fileprivate var rpcCode: Int {
    switch code {
    case 507: 8  // RESOURCE_EXHAUSTED
    case 409, 503: 14  // UNAVAILABLE
    case 500...: 13  // INTERNAL
    default: 3  // INVALID_ARGUMENT
    }
  }
}

extension OTLPLogs.Encoding {
  /// The encoding of a request's content.
  fileprivate init(of request: Request) {
    self = request.mediaType?.isSame(as: .json) == true ? .json : .protobuf
  }

  fileprivate var mediaType: MediaType {
    switch self {
    case .protobuf: .protobuf
    case .json: .json
    }
  }
}

/// The response: `ExportLogsServiceResponse`, with `partial_success` if some were rejected.
extension OTLPLogs {
  private var errorMessage: String {
    reasons.joined(separator: "; ") + (rejectedCount > reasons.count ? "; and others" : "")
  }

  fileprivate var protobufResponse: [UInt8] {
    if rejectedCount == 0 { return [] }
    var partialSuccess: [UInt8] = []
    partialSuccess.appendProtobuf(1, UInt64(rejectedCount))
    partialSuccess.appendProtobuf(2, errorMessage)
    var response: [UInt8] = []
    response.appendProtobuf(1, partialSuccess)
    return response
  }

  fileprivate var jsonResponse: [UInt8] {
    // The encoding writes 64-bit integers as strings.
    let partialSuccess = JSONValue.object([
      JSONMember(name: "rejectedLogRecords", value: .string(String(rejectedCount))),
      JSONMember(name: "errorMessage", value: .string(errorMessage)),
    ])
    var response: [UInt8] = []
    response.appendJSON(
      .object(rejectedCount == 0 ? [] : [JSONMember(name: "partialSuccess", value: partialSuccess)]))
    return response
  }
}

/// Fields of Protocol Buffers.
extension [UInt8] {
  fileprivate mutating func appendProtobuf(_ number: UInt64, _ integer: UInt64) {
    appendVarint(number << 3)
    appendVarint(integer)
  }

  fileprivate mutating func appendProtobuf(_ number: UInt64, _ text: String) {
    appendProtobuf(number, Array(text.utf8))
  }

  fileprivate mutating func appendProtobuf(_ number: UInt64, _ bytes: [UInt8]) {
    appendVarint(number << 3 | 2)
    appendVarint(UInt64(bytes.count))
    self += bytes
  }

  private mutating func appendVarint(_ integer: UInt64) {
    var rest = integer
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}
