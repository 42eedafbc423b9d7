import ArgumentParser
import Glibc
import Linux
import SystemPackage

/// Standard input, in the parts in which it arrives.
struct StandardInput {
  /// How much is read at once at most, in bytes.
  private static let partSize = 1 << 18

  private let signals: CommandSignals
  private var buffer = [UInt8](repeating: 0, count: StandardInput.partSize)

  /// - Parameter signals: the signals that end or pause the command while it waits for input.
  init(_ signals: CommandSignals) {
    self.signals = signals
  }

  /// Waits for more input.
  ///
  /// - Returns: what has arrived; nothing at the end.
  /// - Throws: `ExitCode` 66 (EX_NOINPUT) when standard input cannot be read; `Interruption`.
  mutating func next() throws -> [UInt8] {
    try signals.wait(untilReadable: .standardInput)
    do {
      return Array(buffer[..<(try FileDescriptor.standardInput.read(into: &buffer))])
    } catch {
      Exit.say("cannot read standard input: \(error.errno)")
      throw ExitCode(EX_NOINPUT)
    }
  }
}
