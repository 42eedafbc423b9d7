import HTTPTypes
public import Text

extension Request {
  /// Returns the value of a cookie (RFC 6265 section 5.4).
  ///
  /// - Parameter name: the name of the cookie.
  /// - Returns: the value; nil when there is no such cookie.
  /// - Throws: 400 when there are several cookies of this name. Another site of the same domain may have set one of them.
  public func cookie(_ name: Text) throws(ProblemDetails) -> Text? {
    var value: Text?
    for field in fields[values: .cookie] {
      for cookie in Text(field).split(separator: ";") {
        let parts = cookie.trimmingBlanks.split(separator: "=", maximumSplits: 1)
        guard parts[0] == name, parts.count == 2 else { continue }
        if value != nil {
          throw ProblemDetails(
            .badRequest,
            detail: "The cookie \(name.string) was sent twice. Please delete the cookies of this site.")
        }
        value = parts[1]
      }
    }
    return value
  }
}
