public import EventLogAccess
public import HTTPCore
import HTTPTypes
public import Text

/// Keys that are presented.
extension KeyAccess {
  /// The longest value of `Authorization` that is looked at, in bytes.
  private static let maximumSize = 512

  /// Reads the one bearer token of a request (RFC 6750 section 2.1).
  ///
  /// - Throws: 401 when there is something else. Apache and lighttpd join several fields with a comma.
  func bearerToken(of request: Request) async throws(ProblemDetails) -> Text {
    let values = request.fields[values: .authorization]
    let parts = values.count == 1 ? Text(values[0]).split(separator: " ").filter { !$0.isEmpty } : []
    guard parts.count == 2, parts[0].lowercasedASCII == "bearer", values[0].utf8.count <= Self.maximumSize,
      values[0].utf8.allSatisfy({ (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: ",") })
    else {
      throw Self.unauthorized(
        "The field Authorization must be there once, as: Authorization: Bearer evl_…", isWrong: true)
    }
    return parts[1]
  }

  /// Finds the key that somebody presents.
  ///
  /// - Parameters:
  ///   - text: what is presented.
  ///   - request: the request that it came with.
  /// - Returns: the key.
  /// - Throws: 401 when there is no such key, it was revoked, or it has ended; 429 when too many wrong ones came.
  public func key(_ text: Text, of request: Request) async throws(ProblemDetails) -> AccessKey {
    let presented: KeyText
    do throws(KeyText.Failure) { presented = try KeyText(text) } catch {
      throw refusal(
        error == .hasTypingError
          ? "There is a typing error in the key." : "That is no key; one begins with \(KeyText.prefix).",
        of: request)
    }
    guard let key = try await find(presented) else {
      throw refusal("The key is not known, was revoked, or has ended.", of: request)
    }
    return key
  }

  /// Counts a wrong key, and says what is wrong.
  private func refusal(_ detail: String, of request: Request) -> ProblemDetails {
    store.noteWrongKey(from: request.clientAddress)
    if let seconds = countFailure(request) {
      return ProblemDetails(
        .tooManyRequests,
        detail: "Too many wrong keys came from your network. Try again in \(seconds) seconds.",
        fields: [.retryAfter: String(seconds)])
    }
    return Self.unauthorized(detail, isWrong: true)
  }

  public func refusal(of visitor: Visitor, lacking role: Role) -> ProblemDetails {
    guard let name = visitor.name else {
      return Self.unauthorized("This needs a key with the role \(role.rawValue).", isWrong: false)
    }
    let who = visitor.means == .webServer ? "The user" : "The key"
    return ProblemDetails(
      .forbidden, detail: "\(who) \(name.string) does not have the role \(role.rawValue), which this needs.",
      fields: [
        .wwwAuthenticate: "\(Self.challenge), error=\"insufficient_scope\", scope=\"\(role.rawValue)\""
      ])
  }

  private static let challenge = "Bearer realm=\"Event Log\""

  private static func unauthorized(_ detail: String, isWrong: Bool) -> ProblemDetails {
    ProblemDetails(
      .unauthorized, detail: detail,
      fields: [.wwwAuthenticate: isWrong ? "\(challenge), error=\"invalid_token\"" : challenge])
  }
}

extension Visitor {
  /// - Parameters:
  ///   - key: the key of the visitor.
  ///   - means: how the visitor is known.
  public init(_ key: AccessKey, by means: Means) {
    let roles = key.roles.map { role -> Role in
      switch role {
      case .record: .record
      case .read: .read
      case .status: .status
      case .admin: .admin
      }
    }
    self.init(name: key.name, roles: Set(roles), scope: key.source, by: means)
  }
}
