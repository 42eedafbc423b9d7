import HTTPCore
import HTTPTypes
import Text

/// The cookie in which a browser keeps the source that its user entered last (RFC 6265).
enum SourceCookie {
  /// Reads the source from a request's cookies.
  ///
  /// - Parameter request: the request.
  /// - Returns: the source, or nil if there is no valid cookie.
  static func source(of request: Request) -> Text? {
    for cookie in request.fields[values: .cookie].flatMap({ Text($0).split(separator: ";") }) {
      if let value = cookie.trimmingBlanks.dropping(prefix: "eventlog_source=") {
        return PercentEncoding.decode(value.utf8)
      }
    }
    return nil
  }

  /// Returns the value of `Set-Cookie`. The cookie is sent only by this site's pages, is hidden from scripts,
  /// and lasts a year.
  static func field(_ source: String, mount: String) -> String {
    let value = PercentEncoding.encode(source)
    return "eventlog_source=\(value); Path=\(mount)/; Max-Age=31536000; HttpOnly; SameSite=Lax"
  }
}
