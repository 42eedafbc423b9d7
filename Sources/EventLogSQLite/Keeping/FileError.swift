import Glibc

/// Why a file could not be written, as a part of a sentence.
public struct FileError: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }

  /// Takes the reason from `errno` as the failed call left it.
  init() {
    description = String(cString: strerror(errno))
  }
}
