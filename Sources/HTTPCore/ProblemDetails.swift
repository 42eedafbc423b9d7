public import HTTPTypes
import JSON

/// An error as clients see it: problem details (RFC 9457), media type `application/problem+json`.
public struct ProblemDetails: Error, Sendable {
  /// One thing that is wrong with the request, and where.
  public struct Entry: Sendable, Equatable {
    public enum Place: Sendable, Equatable {
      /// A JSON Pointer (RFC 6901) into the content: `/message`. Written as a URI fragment: `#/message`.
      case pointer(String)
      /// The name of a query parameter.
      case parameter(String)
    }

    public let place: Place
    public let detail: String

    public init(_ place: Place, detail: String) {
      self.place = place
      self.detail = detail
    }
  }

  public let status: HTTPResponse.Status
  /// A sentence about this occurrence, for people.
  public let detail: String
  public let errors: [Entry]
  /// Fields of the response besides `Content-Type`.
  public let fields: HTTPFields
  /// What happened, for the operator's log; never shown to clients.
  public let cause: String?

  public init(
    _ status: HTTPResponse.Status, detail: String, errors: [Entry] = [], fields: HTTPFields = [:],
    cause: String? = nil
  ) {
    self.status = status
    self.detail = detail
    self.errors = errors
    self.fields = fields
    self.cause = cause
  }

  /// The response that tells the client.
  public var response: Response {
    var fields = fields
    fields[.contentType] = MediaType.problemJSON.description
    fields[.cacheControl] = "no-store"
    var body: [UInt8] = []
    body.appendJSON(json)
    body.append(UInt8(ascii: "\n"))
    return Response(status, fields: fields, body: .bytes(body), cause: cause)
  }

  private var json: JSONValue {
    var members = [
      JSONMember(name: "type", value: .string("about:blank")),
      JSONMember(name: "title", value: .string(status.reasonPhrase)),
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
    return .object([place, JSONMember(name: "detail", value: .string(detail))])
  }

  /// RFC 6901 section 6.
  private static func fragment(_ pointer: String) -> String {
    "#"
      + pointer.split(separator: "/", omittingEmptySubsequences: false)
      .map { PercentEncoding.encode(String($0)) }.joined(separator: "/")
  }
}
