import Foundation

/// A progress bar for a long command. It writes to standard error if that is a terminal, and nothing otherwise.
final class ProgressBar {
  private let what: String
  private let total: Int
  private let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
  private var shownPercent = -1

  /// Makes a progress bar without showing it.
  ///
  /// - Parameters:
  ///   - what: the activity, such as "Importing".
  ///   - total: the amount of work, in any unit.
  init(_ what: String, total: Int) {
    self.what = what
    self.total = max(total, 1)
  }

  /// Shows the progress.
  ///
  /// - Parameter done: the amount of work that is done, in the unit of the total.
  func show(_ done: Int) {
    let percent = min(100, done * 100 / total)
    guard isTerminal, percent != shownPercent else { return }
    shownPercent = percent
    let bar = String(repeating: "#", count: percent / 4).padding(toLength: 25, withPad: ".", startingAt: 0)
    FileHandle.standardError.write(Data("\r\(what) [\(bar)] \(percent) %".utf8))
  }

  /// Clears the line of the progress bar.
  func end() {
    if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
  }
}
