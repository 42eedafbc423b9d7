public import HTTPTypes
public import Text

/// An HTTP request with its whole content, as a value (RFC 9110).
public struct Request: Sendable {
  /// The scheme of the requested URI (RFC 9110 section 4.2).
  public enum Scheme: String, CaseIterable, Sendable {
    case http
    case https
  }

  public var method: HTTPRequest.Method
  public var target: RequestTarget
  public var fields: HTTPFields
  public var body: [UInt8]
  /// The id that identifies the request in the logs, both here and at the web server.
  public var id: String
  /// The network address of the client, or of the proxy in front of the web server, such as `192.0.2.1` or
  /// `2001:db8::1`. The web server passes it (`REMOTE_ADDR`, RFC 3875 section 4.1.8); nil when it does not.
  public var clientAddress: String?
  /// The scheme that the client uses to reach the web server.
  public var scheme: Scheme
  /// The client's user name according to the web server (`REMOTE_USER`, RFC 3875 section 4.1.11); nil when it passes
  /// none.
  ///
  /// The name may be unverified: nginx passes whatever the client claims unless it asks for a password.
  public var remoteUser: String?
  /// Who sends the request; the router finds out.
  public var visitor = Visitor.nobody
  /// The values of the `{name}` segments of the matched route; the router sets them.
  public var pathParameters: [Text: Text] = [:]

  public init(
    method: HTTPRequest.Method = .get, target: RequestTarget, fields: HTTPFields = [:], body: [UInt8] = [],
    id: String = "", clientAddress: String? = nil, scheme: Scheme = .http, remoteUser: String? = nil
  ) {
    self.method = method
    self.target = target
    self.fields = fields
    self.body = body
    self.id = id
    self.clientAddress = clientAddress
    self.scheme = scheme
    self.remoteUser = remoteUser
  }

  /// Returns the decoded parameters of the query, in the order in which they were given.
  ///
  /// - Throws: 400 when the query cannot be decoded.
  public func queryParameters() throws(ProblemDetails) -> [(name: Text, value: Text)] {
    do { return try FormURLEncoded.decode(target.query.utf8) } catch {
      throw ProblemDetails(.malformedRequest, detail: "The query \(error.rawValue).")
    }
  }

  /// Returns the decoded parameters of the form that is the content, in the order in which they were given.
  ///
  /// - Throws: 400 when the content cannot be decoded.
  public func formParameters() throws(ProblemDetails) -> [(name: Text, value: Text)] {
    do { return try FormURLEncoded.decode(body) } catch {
      throw ProblemDetails(.malformedRequest, detail: "The content \(error.rawValue).")
    }
  }

  /// Returns the value of a field that a request carries at most once.
  ///
  /// - Parameter name: the name of the field.
  /// - Returns: nil when the field is missing.
  /// - Throws: 400 when the field was sent with different values (RFC 9110 section 5.3).
  public func single(_ name: HTTPField.Name) throws(ProblemDetails) -> Text? {
    var value: Text?
    for field in fields where field.name == name {
      let next = Text(field.value)
      guard value == nil || value == next else {
        throw ProblemDetails(.badRequest, detail: "The field \(name) was sent with different values.")
      }
      value = next
    }
    return value
  }
}
