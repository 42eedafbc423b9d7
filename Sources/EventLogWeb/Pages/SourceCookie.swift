import HTTPCore
import HTTPTypes

/// Remembers in the browser which source its user gave last (RFC 6265).
enum SourceCookie {
  private static let name = "eventlog_source"

  /// - Parameter request: whose cookies are read.
  /// - Returns: nil when there is none that can be read.
  static func source(of request: Request) -> String? {
    request.fields[values: .cookie].lazy.flatMap { $0.split(separator: ";") }
      .map { $0.drop { $0 == " " } }
      .first { $0.hasPrefix("\(name)=") }
      .flatMap { PercentEncoding.decode($0.dropFirst(name.count + 1).utf8) }
  }

  /// The value of `Set-Cookie`. It is for this site's pages only, and for no script; kept for a year.
  static func field(_ source: String, mount: String) -> String {
    "\(name)=\(PercentEncoding.encode(source)); Path=\(mount)/; Max-Age=31536000; HttpOnly; SameSite=Lax"
  }
}
