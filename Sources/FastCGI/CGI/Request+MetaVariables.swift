import HTTPCore
import HTTPTypes
import Text

extension Request {
  /// Creates a request from the meta-variables of FastCGI or CGI (RFC 3875 section 4.1), and from nothing else.
  ///
  /// - Parameters:
  ///   - variables: the variables, as the web server sent them.
  ///   - body: the complete content, with the declared length.
  ///   - id: the request's id.
  /// - Throws: 400 when the method or the path is not valid; 411 when the web server passes content without its length,
  ///   which could be cut short without a sign; 431 when the variables are larger than `MetaVariables.maximumSize`.
  init(_ variables: MetaVariables, body: [UInt8], id: String) throws(ProblemDetails) {
    guard variables.size <= MetaVariables.maximumSize else {
      throw ProblemDetails(.requestHeaderFieldsTooLarge, detail: "The fields of the request are too large.")
    }
    guard let method = HTTPRequest.Method(rawValue: variables.text("REQUEST_METHOD")?.string ?? "") else {
      throw ProblemDetails(.badRequest, detail: "The request has no valid method.")
    }
    if method == .post, variables.hasContentOfUnknownLength {
      throw ProblemDetails(
        .lengthRequired,
        detail: """
          The content was sent in chunks, and the web server does not pass on how long it is. Send it with \
          Content-Length.
          """)
    }
    guard let target = RequestTarget(variables) else {
      throw ProblemDetails(
        .badRequest, detail: "The target is not a path, has a broken percent-encoding, or is not UTF-8.")
    }
    self.init(
      method: method, target: target, fields: Self.fields(variables), body: body, id: id,
      clientAddress: variables.nonEmptyText("REMOTE_ADDR"), scheme: Scheme(variables),
      remoteUser: variables.nonEmptyText("REMOTE_USER"))
  }

  /// Returns the fields: `HTTP_ACCEPT` is the field `Accept` (RFC 3875 section 4.1.18). `HTTP_PROXY` is left out because
  /// it could be mistaken for a setting of this program (CVE-2016-5385). A name that starts with a colon cannot be a
  /// field name (RFC 9113 section 8.3), and HTTPTypes would crash on it.
  private static func fields(_ variables: MetaVariables) -> HTTPFields {
    var fields = HTTPFields()
    if let contentType = variables["CONTENT_TYPE"] { fields.append(field(.contentType, contentType)) }
    for (name, value) in variables.entries(withPrefix: "HTTP_")
    where !value.isEmpty && name.first != UInt8(ascii: ":") {
      guard let name = HTTPField.Name(parsed: Self.fieldName(name)), name != .proxy else { continue }
      fields.append(field(name, value))
    }
    return fields
  }

  /// Returns a field. HTTPTypes keeps any bytes, but takes thousands of instructions to find out whether they are UTF-8.
  private static func field(_ name: HTTPField.Name, _ value: ArraySlice<UInt8>) -> HTTPField {
    if let text = String(utf8: value.span) { return HTTPField(name: name, value: text) }
    return HTTPField(name: name, value: value)
  }

  /// Returns the field name of a variable, in lower case.
  private static func fieldName(_ variable: ArraySlice<UInt8>) -> String {
    String(unsafeUninitializedCapacity: variable.count) { name in
      for (index, byte) in zip(name.indices, variable) {
        name[index] =
          switch byte {
          case UInt8(ascii: "_"): UInt8(ascii: "-")
          case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
          default: byte
          }
      }
      return variable.count
    }
  }
}

extension HTTPField.Name {
  // The literal is a token, so that the initializer cannot fail.
  // swift-format-ignore: NeverForceUnwrap
  fileprivate static let proxy = HTTPField.Name("Proxy")!
}

extension RequestTarget {
  /// Reads the path from the part of `REQUEST_URI`, which is not decoded, that follows the mount point.
  ///
  /// The mount is `SCRIPT_NAME` where the web server splits the path into that and `PATH_INFO`. Debian's
  /// stock parameters for nginx do not: there `SCRIPT_NAME` is the whole path, and the mount is the root.
  fileprivate init?(_ variables: MetaVariables) {
    guard var script = variables.text("SCRIPT_NAME"), let uri = variables.text("REQUEST_URI") else {
      return nil
    }
    // Two leading slashes would make links point to another site.
    if script.dropping(prefix: "//") != nil { script = "" }
    let parts = uri.split(separator: "?", maximumSplits: 1)
    let isStock =
      !script.isEmpty && !variables.has("PATH_INFO")
      && [parts[0], parts[0].mergingSlashes].contains { PercentEncoding.decode($0) == script }
    script = isStock ? "" : script.withoutTrailingSlashes
    guard !uri.isEmpty else {
      guard let pathInfo = variables.text("PATH_INFO"), let query = variables.text("QUERY_STRING") else {
        return nil
      }
      let path = pathInfo.utf8.first == UInt8(ascii: "/") ? pathInfo : Text("/" + pathInfo.string)
      self.init(mount: script.encodedPath, path: path.encodedPath, query: query.string)
      return
    }
    guard let path = parts[0].pathOfURI else { return nil }
    var mount = path.mount(decoding: script, mayBeAll: variables.has("PATH_INFO"))
    var rest = String(Substring(path.utf8.dropFirst(mount.utf8.count)))
    if mount.isEmpty, !script.isEmpty {
      // Web servers merge slashes before they compare paths, so the mount may be reached by `//mount/events`.
      let merged = path.mergingSlashes
      mount = merged.mount(decoding: script, mayBeAll: variables.has("PATH_INFO"))
      // The additional slash stays, so that the client is redirected to the address without it.
      if !mount.isEmpty { rest = "/" + String(Substring(merged.utf8.dropFirst(mount.utf8.count))) }
    }
    self.init(
      mount: mount, path: rest.isEmpty ? "/" : rest, query: parts.count == 2 ? parts[1].string : "")
  }
}

extension Request.Scheme {
  /// Reads the scheme, for which no specification has a variable: `REQUEST_SCHEME` is Apache's, and nginx and lighttpd
  /// have adopted it; older web servers set `HTTPS`.
  fileprivate init(_ variables: MetaVariables) {
    if let scheme = variables["REQUEST_SCHEME"] {
      self = scheme.elementsEqual("https".utf8) ? .https : .http
    } else if let value = variables["HTTPS"] {
      self = value.elementsEqual("on".utf8) || value.elementsEqual("1".utf8) ? .https : .http
    } else {
      self = .http
    }
  }
}

extension Text {
  /// The path of an origin-form or absolute-form target (RFC 9112 section 3.2); nil for another form.
  fileprivate var pathOfURI: Text? {
    if utf8.first == UInt8(ascii: "/") { return self }
    let parts = split(separator: "/", maximumSplits: 3)
    guard parts.count > 2, parts[0].utf8.last == UInt8(ascii: ":"), parts[1].isEmpty else { return nil }
    return parts.count == 3 ? "/" : Text("/" + parts[3].string)
  }

  /// The path with one slash in the place of several.
  fileprivate var mergingSlashes: Text {
    let slash = UInt8(ascii: "/")
    var bytes: [UInt8] = []
    for byte in utf8 where byte != slash || bytes.last != slash { bytes.append(byte) }
    return Text(String(decoding: bytes, as: UTF8.self))
  }

  /// Finds the segments at the start of a raw path that decode to those of `script`.
  ///
  /// - Parameters:
  ///   - script: the decoded path of the mount point.
  ///   - mayBeAll: whether the whole path may be the mount.
  /// - Returns: the segments; empty when the path does not start with them.
  fileprivate func mount(decoding script: Text, mayBeAll: Bool) -> String {
    if script.isEmpty { return "" }
    let wanted = script.split(separator: "/")
    let segments = split(separator: "/")
    guard segments.count > wanted.count || (mayBeAll && segments.count == wanted.count),
      zip(segments, wanted).allSatisfy({ PercentEncoding.decode($0) == $1 })
    else { return "" }
    return segments.prefix(wanted.count).map(\.string).joined(separator: "/")
  }

  fileprivate var withoutTrailingSlashes: Text {
    let end = utf8.lastIndex { $0 != UInt8(ascii: "/") }.map(utf8.index(after:)) ?? utf8.startIndex
    return Text(String(Substring(utf8[..<end])))
  }

  /// The decoded path, encoded again.
  fileprivate var encodedPath: String {
    split(separator: "/").map { PercentEncoding.encode($0.string) }.joined(separator: "/")
  }
}

extension MetaVariables {
  /// Returns the value as text; empty when it is not set, and nil when it is not UTF-8.
  fileprivate func text(_ name: StaticString) -> Text? {
    guard let value = self[name] else { return "" }
    return Text(utf8: value.span)
  }

  /// Returns the value as text; nil when it is not set, empty or not UTF-8.
  fileprivate func nonEmptyText(_ name: StaticString) -> String? {
    self[name].flatMap { String(utf8: $0.span) }
  }

  /// Whether the content was sent in chunks, and the web server does not pass on its length.
  var hasContentOfUnknownLength: Bool {
    self["CONTENT_LENGTH"] == nil && self["HTTP_TRANSFER_ENCODING"] != nil
  }

  /// The declared length of the content in bytes: 0 when there is none, nil when it is not a number.
  var contentLength: Int? {
    guard let value = self["CONTENT_LENGTH"] else { return 0 }
    guard value.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
    return Int(String(decoding: value, as: UTF8.self))
  }
}
