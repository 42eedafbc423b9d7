import Glibc

/// The terminal to which standard output is connected.
enum Terminal {
  /// The terminal's width in columns; nil when standard output is not a terminal.
  static var width: Int? {
    var size = winsize()
    return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      ? Int(size.ws_col) : nil
  }
}
