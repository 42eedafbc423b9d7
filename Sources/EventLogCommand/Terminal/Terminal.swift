import Foundation
import Glibc

/// The terminal to which standard output is connected.
enum Terminal {
  /// The terminal's width in columns; nil when standard output is not a terminal.
  static var width: Int? {
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      ? Int(size.ws_col) : nil
  }

  static var isConnected: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether what is written has colors: on a terminal that knows them, unless `NO_COLOR` has a value (no-color.org).
  static var isColored: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isConnected && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }
}
