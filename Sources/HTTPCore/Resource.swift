import HTTPTypes

/// Everything that the route table has for the paths of one pattern.
struct Resource: Sendable {
  let pattern: PathPattern
  private let operations: [Operation]
  private let allow: HTTPFields
  /// The methods of the resource, as in `Allow`.
  let methods: String

  /// - Parameters:
  ///   - pattern: the path of a route.
  ///   - table: all routes; those with a more general path belong to the resource too, for the methods that no route of
  ///     this very path has.
  init(_ pattern: PathPattern, in table: [Route]) {
    let own = table.filter { $0.pattern == pattern }
    let ownMethods = Set(own.map(\.method))
    var routes =
      own
      + table.filter {
        $0.pattern != pattern && $0.pattern.covers(pattern) && !ownMethods.contains($0.method)
      }
    let methods = Set(routes.map(\.method))
    let allowed = methods.union(methods.contains(.get) ? [.head, .options] : [.options])
    let names = allowed.map(\.rawValue).sorted().joined(separator: ", ")
    let allow: HTTPFields = [.allow: names]
    if !methods.contains(.options) {
      routes.append(Route(.options, "/", for: .everyone) { _ in Response(.noContent, fields: allow) })
    }
    self.pattern = pattern
    self.allow = allow
    self.methods = names
    operations = Dictionary(grouping: routes, by: \.method).sorted { $0.key.rawValue < $1.key.rawValue }
      .map { Operation($0.key, $0.value) }
  }

  /// - Parameter method: the method of a request; HEAD stands for GET.
  /// - Returns: the routes of the method.
  /// - Throws: 405, whose `Allow` field lists the methods that the resource supports (RFC 9110 section 15.5.6).
  func operation(_ method: HTTPRequest.Method) throws(ProblemDetails) -> Operation {
    let wanted = method == .head ? .get : method
    guard let operation = operations.first(where: { $0.method == wanted }) else {
      throw ProblemDetails(
        .methodNotAllowed, detail: "This resource does not support the method \(method).", fields: allow)
    }
    return operation
  }
}
