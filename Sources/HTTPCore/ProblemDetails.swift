public import HTTPTypes
import JSON
import Text

/// An error as clients see it: problem details (RFC 9457) with the media type `application/problem+json`.
public struct ProblemDetails: Error, Sendable {
  /// One thing that is wrong with the request, and its place.
  public struct Entry: Sendable, Equatable {
    public enum Place: Sendable, Equatable {
      /// A JSON Pointer (RFC 6901) into the content, such as `/message`. It is sent as a URI fragment: `#/message`.
      case pointer(String)
      /// The name of a query parameter.
      case parameter(String)
    }

    public let place: Place
    /// The line of the content, counted from 1; nil where lines say nothing.
    public let line: Int?
    public let detail: String

    public init(_ place: Place, line: Int? = nil, detail: String) {
      self.place = place
      self.line = line
      self.detail = detail
    }
  }

  public let status: HTTPResponse.Status
  /// The kind of problem; nil where the status says everything.
  public let type: ProblemType?
  /// A sentence about this occurrence, for people.
  public let detail: String
  public let errors: [Entry]
  /// The fields of the response other than `Content-Type`.
  public let fields: HTTPFields
  /// What happened, for the operator's log; clients never see it.
  public let cause: String?

  /// Creates a problem whose status says everything.
  ///
  /// - Parameters:
  ///   - status: a status from 400 to 599.
  ///   - detail: a sentence about this occurrence, for people.
  ///   - errors: everything that is wrong with the request, each with its place.
  ///   - fields: the fields of the response other than `Content-Type`.
  ///   - cause: what happened, for the operator's log.
  public init(
    _ status: HTTPResponse.Status, detail: String, errors: [Entry] = [], fields: HTTPFields = [:],
    cause: String? = nil
  ) {
    self.init(status, type: nil, detail: detail, errors: errors, fields: fields, cause: cause)
  }

  /// Creates a problem that a program can act on, with the status of its type. The other parameters are the same as
  /// those of the initializer that takes a status.
  public init(
    _ type: ProblemType, detail: String, errors: [Entry] = [], fields: HTTPFields = [:], cause: String? = nil
  ) {
    self.init(type.status, type: type, detail: detail, errors: errors, fields: fields, cause: cause)
  }

  private init(
    _ status: HTTPResponse.Status, type: ProblemType?, detail: String, errors: [Entry], fields: HTTPFields,
    cause: String?
  ) {
    self.status = status
    self.type = type
    self.detail = detail
    self.errors = errors
    self.fields = fields
    self.cause = cause
  }

  /// Returns the response that describes the problem to the client.
  ///
  /// - Parameter request: the request, whose mount leads to the descriptions of the problem types.
  /// - Returns: problem details as JSON.
  public func response(to request: Request) -> Response {
    response(type: type.map { ($0.uri(mount: request.target.mount), $0.title) })
  }

  /// The response where no request is known whose mount leads to the descriptions of the problem types. Its type is
  /// `about:blank`, as if the status said everything.
  public var response: Response { response(type: nil) }

  private func response(type: (uri: String, title: String)?) -> Response {
    var fields = fields
    fields[.contentType] = MediaType.problemJSON.description
    fields[.cacheControl] = "no-store"
    var body: [UInt8] = []
    body.appendJSON(json(type: type ?? ("about:blank", status.reasonPhrase)))
    body.append(UInt8(ascii: "\n"))
    return Response(status, fields: fields, body: .bytes(body), cause: cause)
  }

  private func json(type: (uri: String, title: String)) -> JSONValue {
    var members = [
      JSONMember(name: "type", value: .string(type.uri)),
      JSONMember(name: "title", value: .string(type.title)),
      JSONMember(name: "status", value: .number(status.code)),
      JSONMember(name: "detail", value: .string(detail)),
    ]
    if !errors.isEmpty {
      members.append(JSONMember(name: "errors", value: .array(errors.map(\.json))))
    }
    return .object(members)
  }
}

extension ProblemDetails.Entry {
  fileprivate var json: JSONValue {
    let place =
      switch place {
      case .pointer(let pointer): JSONMember(name: "pointer", value: .string(Self.fragment(pointer)))
      case .parameter(let name): JSONMember(name: "parameter", value: .string(name))
      }
    let lines = line.map { [JSONMember(name: "line", value: .number($0))] } ?? []
    return .object([place] + lines + [JSONMember(name: "detail", value: .string(detail))])
  }

  /// Returns a JSON Pointer as a URI fragment (RFC 6901 section 6).
  private static func fragment(_ pointer: String) -> String {
    "#" + Text(pointer).split(separator: "/").map { PercentEncoding.encode($0.string) }.joined(separator: "/")
  }
}
