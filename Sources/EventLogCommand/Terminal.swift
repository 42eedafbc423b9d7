import Foundation

/// The terminal that standard output is.
enum Terminal {
  /// In columns; nil when it is none.
  static var width: Int? {
    var size = winsize()
    return ioctl(FileHandle.standardOutput.fileDescriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
      ? Int(size.ws_col) : nil
  }
}
