import ArgumentParser
import EventLogFormats
import Glibc
import Linux
import SystemPackage

/// The lines of standard input, as messages.
struct LineInput {
  /// How much is read at once at most, in bytes.
  private static let partSize = 1 << 18

  private let signals: CommandSignals
  private var splitter = LineSplitter()
  private var changedLines = 0
  private var isAtEnd = false
  private var buffer = [UInt8](repeating: 0, count: LineInput.partSize)

  /// - Parameter signals: the signals that end or pause the command while it waits for input.
  init(_ signals: CommandSignals) {
    self.signals = signals
  }

  /// Waits for more input.
  ///
  /// - Returns: the lines that have ended, of which there may be none, without what was for a terminal only; nil at the end.
  /// - Throws: `ExitCode` 66 (EX_NOINPUT) when standard input cannot be read; `Interruption`.
  mutating func next() throws -> [TextLine]? {
    if isAtEnd { return nil }
    try signals.wait(untilReadable: .standardInput)
    let count: Int
    do {
      count = try FileDescriptor.standardInput.read(into: &buffer)
    } catch {
      Exit.say("cannot read standard input: \(error.errno)")
      throw ExitCode(EX_NOINPUT)
    }
    isAtEnd = count == 0
    let lines = isAtEnd ? splitter.finish() : splitter.split(Array(buffer[..<count]))
    return lines.map { line in TextLine(line: line.line, content: line.content.flatMap { text(of: $0) }) }
  }

  /// Says at the end in how many lines something was left out or replaced.
  func sayWhatWasChanged() {
    if changedLines == 0 { return }
    Exit.say(
      """
      escape sequences were left out of \(changedLines) line\(changedLines == 1 ? "" : "s"), and there carriage \
      returns became line breaks, and other control characters U+FFFD
      """)
  }

  private mutating func text(of line: [UInt8]) -> Result<String, InvalidEntry> {
    let bytes = line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...]
    guard let line = String(validating: bytes, as: UTF8.self) else { return .failure(.notUTF8) }
    let plain = PlainText(line)
    if plain.differs { changedLines += 1 }
    return .success(plain.text)
  }
}
