import HTTPCore
import HTTPTypes

/// The cookie in which a browser keeps the source that its user entered last (RFC 6265).
enum SourceCookie {
  private static let name = "eventlog_source"

  /// Reads the source from a request's cookies.
  ///
  /// - Parameter request: the request.
  /// - Returns: the source, or nil if there is no valid cookie.
  static func source(of request: Request) -> String? {
    request.fields[values: .cookie].lazy.flatMap { $0.split(separator: ";") }
      .map { $0.drop { $0 == " " } }
      .first { $0.hasPrefix("\(name)=") }
      .flatMap { PercentEncoding.decode($0.dropFirst(name.count + 1).utf8) }
  }

  /// Returns the value of `Set-Cookie`. The cookie is sent only by this site's pages, is hidden from scripts,
  /// and lasts a year.
  static func field(_ source: String, mount: String) -> String {
    "\(name)=\(PercentEncoding.encode(source)); Path=\(mount)/; Max-Age=31536000; HttpOnly; SameSite=Lax"
  }
}
