import Foundation

/// How far a long command has come, on a terminal; elsewhere it is silent.
final class ProgressBar {
  private let what: String
  private let total: Int
  private let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
  private var shownPercent = -1

  /// - Parameters:
  ///   - what: is being done, such as "Importing".
  ///   - total: what is to be done, in any unit.
  init(_ what: String, total: Int) {
    self.what = what
    self.total = max(total, 1)
  }

  func show(_ done: Int) {
    let percent = min(100, done * 100 / total)
    guard isTerminal, percent != shownPercent else { return }
    shownPercent = percent
    let bar = String(repeating: "#", count: percent / 4).padding(toLength: 25, withPad: ".", startingAt: 0)
    FileHandle.standardError.write(Data("\r\(what) [\(bar)] \(percent) %".utf8))
  }

  /// Clears the line.
  func end() {
    if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }
}
