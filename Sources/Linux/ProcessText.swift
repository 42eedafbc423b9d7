import CLinux
import Glibc

/// The texts with which this process was started, as the bytes that they are. Swift's own properties repair whatever is
/// not UTF-8, so that it would be recorded as something that nobody wrote.
public enum ProcessText {
  /// The arguments of the command line, without the program's name.
  public static var arguments: [[UInt8]] {
    (0..<Int(CommandLine.argc)).dropFirst().compactMap { CommandLine.unsafeArgv[$0].map { bytes(of: $0) } }
  }

  /// The environment's entries in the form `NAME=value`.
  public static var environment: [[UInt8]] {
    var entries: [[UInt8]] = []
    while let entry = linux_environment_entry(entries.count) { entries.append(bytes(of: entry)) }
    return entries
  }

  private static func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
    text.withMemoryRebound(to: UInt8.self, capacity: strlen(text)) {
      Array(UnsafeBufferPointer(start: $0, count: strlen(text)))
    }
  }
}
